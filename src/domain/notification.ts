/** How a terminal tells a person of something: by a bell, or on their desktop by one of three sequences. */
export const notificationKinds = ['auto', 'bell', 'osc9', 'osc777', 'osc99', 'none'] as const;
export type NotificationKind = (typeof notificationKinds)[number];
