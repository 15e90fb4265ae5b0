import { Box, type BoxProps, type DOMElement } from 'ink';
import { type ReactNode, use, useEffect, useRef } from 'react';
import { OverlayLayerContext, PaneRegistryContext } from './pane-registry.ts';

interface Props extends BoxProps {
  onClick(): void;
  children?: ReactNode;
}

/** A box that a click of the left button acts on. */
export function ClickArea({ onClick, children, ...box }: Props): ReactNode {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext);
  const element = useRef<DOMElement>(null);
  // Registered once: views make a new function for every frame.
  const latest = useRef(onClick);
  latest.current = onClick;
  useEffect(() => {
    const registration = registry?.addClickArea({ layer, click: () => latest.current(), node: () => element.current });
    return () => registration?.dispose();
  }, [registry, layer]);
  return (
    <Box {...box} ref={element}>
      {children}
    </Box>
  );
}
