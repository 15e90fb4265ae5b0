import { z } from 'zod';

/** How panes share the screen: as a grid, one large with the others beside it, side by side, on each other. */
export const paneLayouts = ['grid', 'main', 'columns', 'rows'] as const;
export type PaneLayout = (typeof paneLayouts)[number];

/** So many panes keep a place that the person gave them; more than there ever are at once. */
export const placesMax = 200;

/** How the person wants the panes to stand, by ids of sessions. */
export const arrangementSchema = z.object({
  layout: z.enum(paneLayouts),
  /** Those that were there when one was moved last; newer ones come behind them. */
  order: z.array(z.string()).max(placesMax),
  /** They are always among those that are shown. */
  pinned: z.array(z.string()).max(placesMax),
});
export type Arrangement = Readonly<z.infer<typeof arrangementSchema>>;

/** What the person calls panes, by ids of sessions; '': nothing any more. */
export const paneNamesSchema = z.record(z.string(), z.string());
export type PaneNames = Readonly<z.infer<typeof paneNamesSchema>>;

/** In characters: a title has little room. */
export const paneNameMax = 40;

export const firstArrangement: Arrangement = { layout: 'grid', order: [], pinned: [] };
