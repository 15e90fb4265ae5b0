import { Text, useInput } from 'ink';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { DialogFrame } from './dialog-frame.tsx';

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
  return (
    <DialogFrame title={plainText(question)} keys="y yes · n no" screen={screen} cols={64} rows={8}>
      <Text> </Text>
      <Text>{plainText(detail)}</Text>
    </DialogFrame>
  );
}
