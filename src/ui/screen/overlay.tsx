import { Box, type BoxProps, type DOMElement } from 'ink';
import { type ReactNode, use, useLayoutEffect, useRef } from 'react';
import { OverlayLayerContext, PaneRegistryContext } from './pane-registry.ts';

/**
 * A box that stands above the panes: where it is, Ink's cells show. It is absolute and opaque unless told otherwise;
 * place it with `top`/`left` or in a box that centres it, after (so above) the panes in the tree.
 */
export function Overlay({ children, ...box }: BoxProps & { children?: ReactNode }): ReactNode {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext) + 1;
  const element = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    const registration = registry?.addOverlay({ layer, node: () => element.current });
    return () => registration?.dispose();
  }, [registry, layer]);
  return (
    <OverlayLayerContext value={layer}>
      <Box position="absolute" backgroundColor={opaque} {...box} ref={element}>
        {children}
      </Box>
    </OverlayLayerContext>
  );
}

/** Not a colour that Ink knows: it fills the box with plain spaces, and what is under it does not shine through. */
const opaque = 'default';
