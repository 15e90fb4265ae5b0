import { createElement, type ReactElement } from 'react';
import type { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { ModelContext } from '../../src/ui/app/use-model.ts';
import { actions } from '../../src/ui/keymap/actions.ts';
import { KeymapContext } from '../../src/ui/keymap/use-keymap.ts';
import { mountChrome } from '../../src/ui/screen/chrome.tsx';
import { Compositor } from '../../src/ui/screen/compositor.ts';
import { PaneRegistry, PaneRegistryContext } from '../../src/ui/screen/pane-registry.ts';

/** The lines of one part of the dashboard, as the terminal would show it, without blanks at their ends. */
export function drawn(model: DashboardModel, element: ReactElement, cols: number, rows: number): string[] {
  const registry = new PaneRegistry();
  const keymap = { actions, review: [], copy: [], problems: [] };
  const inKeymap = createElement(KeymapContext, { value: keymap }, element);
  const inModel = createElement(ModelContext, { value: model }, inKeymap);
  const whole = createElement(PaneRegistryContext, { value: registry }, inModel);
  const chrome = mountChrome({ element: whole, cols, rows, onFrame() {} });
  const compositor = new Compositor(cols, rows);
  compositor.setFrame(chrome.cells, registry.measure());
  const { cells } = compositor.compose(null, 0);
  const lines = Array.from({ length: rows }, (_, y) => cells.rowText(y));
  chrome.dispose();
  registry.dispose();
  return lines;
}
