import type { ComponentProps } from 'react';
import { colours } from '../theme.ts';
import { DrawnRows } from './drawn-rows.tsx';
import type { Row } from './rows-screen.ts';

const row: Row = { of: [], pieces: () => [{ text: '│', color: colours.quiet }] };

/** Between what stands side by side. */
export function VerticalLine({ rows, at }: { rows: number } & Pick<ComponentProps<typeof DrawnRows>, 'at'>) {
  return <DrawnRows rows={Array.from({ length: rows }, () => row)} cols={1} at={at} />;
}
