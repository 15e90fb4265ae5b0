import { Box, Text } from 'ink';
import { plainText } from '../../base/text.ts';
import { sortedBy } from '../app/listing.ts';
import { shownOfOpen } from '../app/shown-of-open.ts';
import { useModel } from '../app/use-model.ts';
import type { View } from '../app/view.ts';
import { colours } from '../theme.ts';

/** The first line of a view: what it is, where one is in it, and what is left out. */
export function TitleBar({ view, cols }: { view: View; cols: number }) {
  const { model } = useModel();
  const { listing, place } = model;
  const { lines = [], cursor = -1, total = 0 } = listing ?? {};
  const count = lines.length === 0 ? '' : ` ${(cursor + 1).toLocaleString('en')}/${lines.length.toLocaleString('en')}`;
  const sort = sortedBy(view, place.sort);
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Box flexGrow={1} flexShrink={1} minWidth={0}>
        <Text wrap="truncate">
          <Text bold inverse color={colours.accent}>
            {` ${view.title} `}
          </Text>
          <Text bold>{count}</Text>
          {lines.length < total && <Text color={colours.attention}>{` of ${total.toLocaleString('en')}`}</Text>}
          {view.isOfTasks && <Text color={colours.attention}>{model.views.map(shownOfOpen).join('')}</Text>}
          {place.filter !== '' && <Text color={colours.attention}>{`  /${plainText(place.filter)}`}</Text>}
          {sort && <Text color={colours.accent}>{`  by ${sort.title}`}</Text>}
          <Text color={colours.quiet}>{`  ${view.about}`}</Text>
        </Text>
      </Box>
      <Box flexShrink={0}>
        <Text color={colours.quiet}>{place.filter === '' ? '  tab next · esc panes ' : '  esc shows all '}</Text>
      </Box>
    </Box>
  );
}
