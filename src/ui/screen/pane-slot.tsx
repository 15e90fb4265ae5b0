import { Box, type BoxProps, type DOMElement } from 'ink';
import { type ReactNode, use, useLayoutEffect, useRef } from 'react';
import { OverlayLayerContext, PaneRegistryContext, type PaneSource } from './pane-registry.ts';

export interface PaneSlotProps extends BoxProps {
  /** Names the pane for focus; unique among the mounted ones. */
  id: string;
  /** What it shows; null leaves the rectangle to `children` (a word on why there is nothing yet). */
  source: PaneSource | null;
  /** False: the source keeps its own size, and what does not fit is cut. Default true. */
  isFitted?: boolean;
  children?: ReactNode;
}

/** A rectangle of the layout in which a live screen appears. The box has no border or padding of its own. */
export function PaneSlot({ id, source, isFitted = true, children, ...box }: PaneSlotProps): ReactNode {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext);
  const element = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    if (registry === null || source === null) return;
    const registration = registry.addPane({ id, source, layer, isFitted, node: () => element.current });
    return () => registration.dispose();
  }, [registry, id, source, layer, isFitted]);
  return (
    <Box flexGrow={1} {...box} ref={element}>
      {source === null && children}
    </Box>
  );
}
