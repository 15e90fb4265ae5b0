import { Box, Text, useInput } from 'ink';
import { useRef, useState } from 'react';
import type { WorkItem } from '../../app/views/work-items.ts';
import { useModel } from '../app/use-model.ts';
import { TextArea } from '../input/text-area.tsx';
import { TextInput } from '../input/text-input.tsx';
import { colours } from '../theme.ts';
import { DialogFrame } from './dialog-frame.tsx';

const fields = ['title', 'body', 'priority'] as const;
const bodyRows = 6;

/** A new task, or one that is changed. Enter in the title saves it: most tasks are one line. */
export function TaskForm({ screen, item }: { screen: { cols: number; rows: number }; item: WorkItem | null }) {
  const { model } = useModel();
  const [title, setTitle] = useState(item?.task.title ?? '');
  const [body, setBody] = useState(item?.task.body ?? '');
  const [priority, setPriority] = useState(item?.task.priority ?? 2);
  const [field, setField] = useState<(typeof fields)[number]>('title');
  const [problem, setProblem] = useState('');
  // A second Enter must not save a second task while the first is on its way.
  const isSaving = useRef(false);
  const width = Math.min(74, screen.cols - 6);

  useInput((input, key) => {
    if (key.escape) model.set({ dialog: null });
    else if (key.tab) setField(fields[(fields.indexOf(field) + (key.shift ? 2 : 1)) % fields.length] ?? 'title');
    else if ((key.ctrl && input === 's') || (key.return && field !== 'body')) void save();
    else if (field === 'priority' && /^[0-4]$/.test(input)) setPriority(Number(input));
    else if (field === 'priority' && key.leftArrow) setPriority(Math.max(0, priority - 1));
    else if (field === 'priority' && key.rightArrow) setPriority(Math.min(4, priority + 1));
  });

  async function save() {
    if (title.trim() === '') {
      setProblem('A task needs a title.');
      return;
    }
    if (isSaving.current) return;
    isSaving.current = true;
    const draft = { title, body, priority };
    const task = await model.ask((client) =>
      item ? client.call('task.edit', { id: item.task.id, patch: draft }) : client.call('task.add', draft),
    );
    if (!task) {
      isSaving.current = false;
      setProblem(model.state.message?.text ?? 'It could not be saved.');
      return;
    }
    model.set({ dialog: null, zone: 'list', selected: task.id });
    model.say(item ? `${task.id} is changed.` : `${task.id} is added. {run.dispatch} dispatches it.`, 'good');
  }

  return (
    <DialogFrame
      title={item ? `Edit ${item.task.id}` : 'New task'}
      keys="enter save · tab next field · ctrl+s save from anywhere · esc back"
      screen={screen}
      cols={80}
      rows={bodyRows + 10}
    >
      <Field name="title" isActive={field === 'title'}>
        <TextInput initialValue={title} width={width} isActive={field === 'title'} onChange={setTitle} />
      </Field>
      <Field name="what the agent should know" isActive={field === 'body'}>
        <TextArea initialValue={body} width={width} height={bodyRows} isActive={field === 'body'} onChange={setBody} />
      </Field>
      <Box>
        <Text color={field === 'priority' ? colours.accent : colours.quiet} bold={field === 'priority'}>
          {'priority  '}
        </Text>
        {[0, 1, 2, 3, 4].map((value) => (
          <Text key={value} inverse={value === priority}>{` ${value} `}</Text>
        ))}
        <Text color={colours.quiet}>{'  0 is the most urgent'}</Text>
      </Box>
      <Text color={colours.bad} wrap="truncate">
        {problem}
      </Text>
    </DialogFrame>
  );
}

function Field({ name, isActive, children }: { name: string; isActive: boolean; children: React.ReactNode }) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Text color={isActive ? colours.accent : colours.quiet} bold={isActive}>
        {name}
      </Text>
      {children}
    </Box>
  );
}
