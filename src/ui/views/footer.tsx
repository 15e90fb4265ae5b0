import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import stringWidth from 'string-width';
import { plainText } from '../../base/text.ts';
import { isShell } from '../../domain/shell.ts';
import type { Message } from '../app/state.ts';
import { useModel } from '../app/use-model.ts';
import type { CopyModes } from '../copy/copy-modes.ts';
import { useKeymap, useKeyWords } from '../keymap/use-keymap.ts';
import { wrapText } from '../kit/wrap-text.ts';
import { Overlay } from '../screen/overlay.tsx';
import { colours } from '../theme.ts';
import { SearchLine } from './search-line.tsx';

const copyMark = ' COPY ';

const tones = { info: colours.accent, good: colours.good, bad: colours.bad } as const;

interface FooterProps {
  cols: number;
  leader: string;
  isSingle: boolean;
  copy: Pick<CopyModes, 'focused' | 'get'>;
}

/** One line: what was just said, or the keys that mean something now. */
export function Footer({ cols, leader, isSingle, copy }: FooterProps) {
  const { model, state } = useModel();
  const { actions, copy: copyKeys } = useKeymap();
  if (state.isTyping) {
    // A bad one stays until a key of the dashboard: it is told after typing.
    const who = model.selectedPane && isShell(model.selectedPane) ? 'the shell' : 'the agent';
    const said = state.message && state.message.tone !== 'bad' ? state.message : null;
    const back = isSingle ? ` leaves, and ${who} goes on` : ' comes back';
    const isLong = said !== null && stringWidth(`${typingMark}${said.text} ${leader}${back}`) > cols;
    return (
      <Box width={cols} height={1}>
        <FooterLine cols={cols}>
          <Text color={colours.typing} bold>
            {typingMark}
          </Text>
          <Text>
            {said === null || isLong ? `every key goes to ${who}; ` : `${plainText(said.text)} `}
            <Text bold>{leader}</Text>
            {back}
          </Text>
        </FooterLine>
        {isLong && <MessageRows cols={cols} message={said} isAbove />}
      </Box>
    );
  }
  const copying = copy.focused === null ? null : copy.get(copy.focused);
  const prompt = copying?.state?.prompt;
  if (copying && prompt) {
    const search = copying.state?.search ?? null;
    return <SearchLine cols={cols} prompt={prompt} search={search} press={(key) => copying.press(key)} />;
  }
  if (state.message) return <FooterLine cols={cols} message={state.message} />;
  if (copying) {
    return (
      <FooterLine cols={cols}>
        <Text color={colours.attention} bold>
          {copyMark}
        </Text>
        <Hints hints={copyKeys.filter(({ hint }) => hint)} cols={cols - copyMark.length} />
      </FooterLine>
    );
  }
  if (state.isAfterLeader && isSingle) {
    return (
      <FooterLine cols={cols}>
        <Text bold> [</Text> scrolls back <Text bold>]</Text> pastes; anything else leaves
      </FooterLine>
    );
  }
  // A dialog has keys of its own, and says them.
  if (state.dialog) return <FooterLine cols={cols}> </FooterLine>;
  const hints = actions.filter((action) => action.hint && (action.unavailable?.(model) ?? null) === null);
  return (
    <FooterLine cols={cols}>
      <Hints hints={hints} cols={cols} />
    </FooterLine>
  );
}

interface Hint {
  id: string;
  keys: readonly string[];
  hint?: string;
}

/** As many as fit. The last two lead to everything else, and out: those before them are left out first. */
export function Hints({ hints, cols }: { hints: readonly Hint[]; cols: number }) {
  const widthOf = (shown: readonly Hint[]) =>
    shown.reduce((sum, { keys, hint }) => sum + ` ${keys[0]} ${hint} `.length, 0);
  let shown = hints;
  while (shown.length > 2 && widthOf(shown) > cols) shown = shown.toSpliced(-3, 1);
  return shown.map(({ id, keys, hint }) => (
    <Text key={id}>
      {' '}
      <Text bold color={colours.accent}>
        {keys[0]}
      </Text>
      <Text color={colours.quiet}> {hint} </Text>
    </Text>
  ));
}

/** The last line of the screen; what was just said, if there is anything, stands in place of the rest. */
export function FooterLine({ cols, message, children }: { cols: number; message?: Message; children?: ReactNode }) {
  return (
    <Box width={cols} height={1} overflow={message ? undefined : 'hidden'}>
      {message ? <MessageRows cols={cols} message={message} /> : <Text wrap="truncate">{children}</Text>}
    </Box>
  );
}

/** What was said, from the last line upwards; `isAbove`: that one is kept free. */
function MessageRows({ cols, message, isAbove = false }: { cols: number; message: Message; isAbove?: boolean }) {
  const withKeys = useKeyWords();
  const rows = wrapText(withKeys(message.text), cols - 2).slice(0, messageRowsMax);
  const lines = rows.map((text, row) => ({ text, key: `row${row}` }));
  const drawn = lines.map(({ text, key }) => (
    <Text key={key} wrap="truncate" color={tones[message.tone]}>
      {` ${text}`}
    </Text>
  ));
  if (rows.length === 1 && !isAbove) return drawn;
  const top = (isAbove ? 0 : 1) - rows.length;
  return (
    <Overlay top={top} left={0} width={cols} height={rows.length} flexDirection="column">
      {drawn}
    </Overlay>
  );
}

const typingMark = ' TYPING ';

/** A longer message stands above what is there. */
const messageRowsMax = 4;
