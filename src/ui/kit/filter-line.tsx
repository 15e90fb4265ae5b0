import { Box, Text, useInput } from 'ink';
import { useModel } from '../app/use-model.ts';
import { TextInput } from '../input/text-input.tsx';
import { inList } from '../keymap/in-list.ts';
import { colours } from '../theme.ts';

const keys = '  enter keeps it · esc shows all';

/** What the list is filtered by, while it is typed. */
export function FilterLine({ cols }: { cols: number }) {
  const { model } = useModel();
  const found = model.listing?.lines.length ?? 0;
  const count = `  ${found.toLocaleString('en')} found`;
  useInput((_input, key) => {
    if (key.downArrow) inList.move(model, 0, 1);
    else if (key.upArrow) inList.move(model, 0, -1);
  });
  return (
    <Box width={cols} height={1} overflow="hidden">
      <Text bold color={colours.accent}>
        {' /'}
      </Text>
      <TextInput
        width={Math.max(10, cols - 2 - count.length - keys.length)}
        initialValue={model.place.filter}
        placeholder="words that the line has"
        onChange={(filter) => model.setPlace({ filter, index: 0 })}
        onSubmit={() => model.set({ isFiltering: false })}
        onCancel={() => inList.showAll(model)}
      />
      <Text color={found === 0 ? colours.bad : colours.quiet}>{count}</Text>
      <Text color={colours.quiet}>{keys}</Text>
    </Box>
  );
}
