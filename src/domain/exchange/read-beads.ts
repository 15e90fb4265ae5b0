import { z } from 'zod';
import { type ForeignFile, type ForeignTask, foreignTask, joinTexts } from './foreign-task.ts';

/** What makes an issue there wait for another. */
const blocking = new Set(['blocks', 'conditional-blocks', 'waits-for']);

const text = z.string().nullish();
const time = z.iso.datetime({ offset: true }).transform((written) => Date.parse(written));

const issueSchema = z.looseObject({
  id: z.string().min(1),
  title: z.string().trim().min(1),
  description: text,
  design: text,
  notes: text,
  acceptance_criteria: text,
  status: z.string().default('open'),
  priority: z.int().min(0).max(4).default(2),
  issue_type: text,
  assignee: text,
  estimated_minutes: z.int().nullish(),
  labels: z.array(z.string()).nullish(),
  created_at: time.nullish(),
  updated_at: time.nullish(),
  closed_at: time.nullish(),
  dependencies: z
    .array(
      z.looseObject({ issue_id: z.string().optional(), depends_on_id: z.string(), type: z.string().default('blocks') }),
    )
    .nullish(),
  comments: z.array(z.looseObject({ author: text, text: z.string(), created_at: time })).nullish(),
});
type Issue = z.infer<typeof issueSchema>;

/** `.beads/issues.jsonl` of beads: an issue a line. Deleted ones (status `tombstone`) are left out. */
export function readBeads(content: string): ForeignFile {
  const file: ForeignFile = { tasks: [], problems: [] };
  for (const [index, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const issue = parse(line);
    if (typeof issue === 'string') file.problems.push(`line ${index + 1}: ${issue}`);
    else if (issue.status !== 'tombstone') file.tasks.push(taskOf(issue, index + 1));
  }
  return file;
}

function parse(line: string): Issue | string {
  try {
    const parsed = issueSchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'the line'}: ${issue?.message}`;
  } catch {
    return 'not JSON';
  }
}

function taskOf(issue: Issue, line: number): ForeignTask {
  const linked = (isKind: (type: string) => boolean) =>
    (issue.dependencies ?? []).filter(({ type }) => isKind(type)).map((dependency) => dependency.depends_on_id);
  const kind = issue.issue_type && issue.issue_type !== 'task' ? [issue.issue_type] : [];
  return {
    ...foreignTask(issue.id, line, issue.title),
    id: issue.id,
    isClosed: issue.status === 'closed',
    dependsOn: linked((type) => blocking.has(type)),
    parent: linked((type) => type === 'parent-child')[0] ?? null,
    related: linked((type) => type === 'related' || type === 'relates-to'),
    discoveredFrom: linked((type) => type === 'discovered-from')[0] ?? null,
    fields: {
      body: joinTexts(issue.description, { Design: issue.design, Notes: issue.notes }),
      priority: issue.priority,
      labels: [...new Set([...(issue.labels ?? []), ...kind])],
      ...(issue.assignee && { assignee: issue.assignee }),
      ...(issue.estimated_minutes && issue.estimated_minutes > 0 && { estimateMinutes: issue.estimated_minutes }),
      ...(issue.acceptance_criteria && { acceptance: issue.acceptance_criteria }),
      ...(issue.created_at && { createdAt: issue.created_at }),
      ...(issue.updated_at && { updatedAt: issue.updated_at }),
      ...(issue.closed_at && { closedAt: issue.closed_at }),
      comments: (issue.comments ?? []).map(({ author, text: said, created_at }) => ({
        ...{ at: created_at, by: author || 'beads', text: said },
      })),
    },
  };
}
