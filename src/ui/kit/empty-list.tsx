import { Box, Text } from 'ink';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import type { View } from '../app/view.ts';
import { colours } from '../theme.ts';
import { KeyedText } from './keyed-text.tsx';

/** Why there is nothing to see, and what to do. */
export function EmptyList({ view, cols, rows }: { view: View; cols: number; rows: number }) {
  const { model } = useModel();
  const { filter } = model.place;
  return (
    <Box width={cols} height={rows} flexDirection="column" alignItems="center" justifyContent="center">
      {model.listing === null ? (
        <Text color={colours.quiet}>reading…</Text>
      ) : model.listing.total > 0 ? (
        <>
          <Text bold wrap="truncate">{`Nothing here has “${plainText(filter)}” in it.`}</Text>
          <KeyedText text="{back} shows all again." />
        </>
      ) : (
        <KeyedText text={view.empty} />
      )}
    </Box>
  );
}
