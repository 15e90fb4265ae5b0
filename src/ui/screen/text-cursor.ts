import type { DOMElement } from 'ink';
import { type RefObject, use, useLayoutEffect } from 'react';
import { OverlayLayerContext, PaneRegistryContext } from './pane-registry.ts';

/**
 * Shows the terminal's cursor at `x`, `y` within the element while `position` is not null. The newest of several wins.
 * Terminals put the window of an input method there too.
 */
export function useTextCursor(element: RefObject<DOMElement | null>, position: { x: number; y: number } | null): void {
  const registry = use(PaneRegistryContext);
  const layer = use(OverlayLayerContext);
  const x = position?.x ?? -1;
  const y = position?.y ?? -1;
  useLayoutEffect(() => {
    if (x < 0 || registry === null) return;
    const registration = registry.addCursor({ x, y, layer, node: () => element.current });
    return () => registration.dispose();
  }, [registry, element, x, y, layer]);
}
