import { Box } from 'ink';
import { render } from 'ink-testing-library';
import { expect, test, vi } from 'vitest';
import { RemoteClient } from '../../src/app/client.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { ModelContext } from '../../src/ui/app/use-model.ts';
import { TaskForm } from '../../src/ui/dialogs/task-form.tsx';

/** A form whose calls are answered by the test. */
function openForm() {
  const model = new DashboardModel();
  const calls: { id: number; operation: string }[] = [];
  let receive: (message: unknown) => void = () => {};
  const link = {
    send: (message: unknown) => void calls.push(message as (typeof calls)[number]),
    onMessage(listener: typeof receive) {
      receive = listener;
      return { dispose() {} };
    },
    onClose: () => ({ dispose() {} }),
    dispose() {},
  };
  const client = new RemoteClient(link, '/p', {});
  model.connect(client);
  model.set({ dialog: { kind: 'task-form', item: null } });
  const { stdin, lastFrame, unmount } = render(
    <ModelContext.Provider value={model}>
      <Box width={100} height={30}>
        <TaskForm screen={{ cols: 100, rows: 30 }} item={null} />
      </Box>
    </ModelContext.Provider>,
  );
  return {
    model,
    calls,
    async type(text: string) {
      stdin.write(text);
      await new Promise((done) => setImmediate(done));
    },
    answer: (message: Record<string, unknown>) => receive({ id: calls.at(-1)?.id, ...message }),
    shows: (text: string) => vi.waitFor(() => expect(lastFrame()).toContain(text)),
    close() {
      unmount();
      client.dispose();
      model.dispose();
    },
  };
}

test('Enter pressed again while the task is on its way saves one task', async () => {
  const form = openForm();
  await form.shows('New task');
  await form.type('Once');
  await form.shows('Once');
  await form.type('\r');
  await vi.waitFor(() => expect(form.calls).toHaveLength(1));
  await form.type('\r');
  await form.type('\r');
  expect(form.calls.map(({ operation }) => operation)).toEqual(['task.add']);
  form.close();
});

test('a refused task stays in the form, with the reason in sentences, and can be saved again', async () => {
  const form = openForm();
  await form.shows('New task');
  await form.type('Again');
  await form.shows('Again');
  await form.type('\r');
  await vi.waitFor(() => expect(form.calls).toHaveLength(1));
  const error = { code: 'store.broken', message: 'the disk is full', next: 'Make room.' };
  form.answer({ type: 'error', error });
  await form.shows('the disk is full. Make room.');
  await form.type('\r');
  await vi.waitFor(() => expect(form.calls).toHaveLength(2));
  form.close();
});
