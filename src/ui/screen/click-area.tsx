import { Box, type BoxProps, type DOMElement } from 'ink';
import { type ReactNode, use, useEffect, useRef } from 'react';
import { OverlayLayerContext, PaneRegistryContext } from './pane-registry.ts';

interface Props extends BoxProps {
  /** With the cell of the area, from 0. */
  onClick(at: { x: number; y: number }): void;
  /** 1: the wheel turns downwards. */
  onWheel?(direction: -1 | 1): void;
  children?: ReactNode;
}

/** A box that a click of the left button acts on, or the wheel. */
export function ClickArea({ onClick, onWheel, children, ...box }: Props): ReactNode {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext);
  const element = useRef<DOMElement>(null);
  // Registered once: views make a new function for every frame.
  const latest = useRef({ onClick, onWheel });
  latest.current = { onClick, onWheel };
  useEffect(() => {
    const registration = registry?.addClickArea({
      layer,
      click: (at) => latest.current.onClick(at),
      wheel: (direction) => latest.current.onWheel?.(direction),
      node: () => element.current,
    });
    return () => registration?.dispose();
  }, [registry, layer]);
  return (
    <Box {...box} ref={element}>
      {children}
    </Box>
  );
}
