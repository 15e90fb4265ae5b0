import { Text } from 'ink';
import type { SessionView } from '../../domain/session.ts';
import { useModel } from '../app/use-model.ts';
import { TextInput } from '../input/text-input.tsx';
import { inPanes } from '../keymap/in-panes.ts';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

/** What the person calls a pane. */
export function NameForm({ screen, session }: { screen: { cols: number; rows: number }; session: SessionView }) {
  const { model, state } = useModel();
  return (
    <DialogFrame title="Name the pane" keys="enter keep · esc back" screen={screen} cols={56} rows={7}>
      <TextInput
        width={Math.min(52, screen.cols - 4)}
        initialValue={state.names[session.id] ?? ''}
        placeholder="a name"
        onSubmit={(text) => {
          model.set({ dialog: null });
          inPanes.name(model, session.id, text);
        }}
        onCancel={() => model.set({ dialog: null })}
      />
      <Text color={colours.quiet}>It stands in front of the title; none takes it away.</Text>
    </DialogFrame>
  );
}
