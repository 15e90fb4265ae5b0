import { Text, type TextProps } from 'ink';
import { fitText, widthOf } from './fit-text.ts';

export interface Piece extends Omit<TextProps, 'children' | 'wrap'> {
  text: string;
  /** It gets the cells that the others leave; one of them does. */
  grows?: boolean;
}

/** Pieces side by side in exactly `cols` cells. One element: each element of a frame costs, and lists and titles are most of it. */
export function OneLine({ cols, pieces }: { cols: number; pieces: readonly (Piece | null)[] }) {
  const shown = pieces.filter((piece) => piece !== null && (piece.grows || piece.text !== '')) as Piece[];
  const taken = shown.reduce((sum, { text, grows }) => sum + (grows ? 0 : widthOf(text)), 0);
  return (
    <Text wrap="truncate">
      {shown.map(({ text, grows, ...style }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is what stands in its place.
        <Text key={index} {...style}>
          {grows ? fitText(text, Math.max(0, cols - taken)) : text}
        </Text>
      ))}
    </Text>
  );
}
