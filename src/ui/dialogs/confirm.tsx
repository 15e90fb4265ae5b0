import { Text, useInput } from 'ink';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { wrapText } from '../kit/wrap-text.ts';
import { DialogFrame } from './dialog-frame.tsx';

const dialogCols = 64;

interface Props {
  screen: { cols: number; rows: number };
  question: string;
  detail: string;
  yes: () => void;
}

/** Asks before something ends. Only y says yes. */
export function Confirm({ screen, question, detail, yes }: Props) {
  const { model } = useModel();
  useInput((input, key) => {
    if (input === 'y' || input === 'Y') {
      model.set({ dialog: null });
      yes();
    } else if (input === 'n' || input === 'N' || input === 'q' || key.escape || key.return) model.set({ dialog: null });
  });
  const lines = wrapText(detail, Math.min(dialogCols, screen.cols) - 4);
  return (
    <DialogFrame
      title={plainText(question)}
      keys="y yes · n no"
      screen={screen}
      cols={dialogCols}
      rows={lines.length + 6}
    >
      <Text> </Text>
      <Text>{lines.join('\n')}</Text>
    </DialogFrame>
  );
}
