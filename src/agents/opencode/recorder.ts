/** An event of opencode, of which only the listed fields of the listed types are looked at. */
interface Event {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: another program's events; what is written down is checked by its reader.
  properties: any;
}

/** The part of opencode's client that is used: it takes a prompt and returns at once, and gives a session a title. */
interface Client {
  session: {
    promptAsync(request: { path: { id: string }; body: { parts: { type: 'text'; text: string }[] } }): Promise<unknown>;
    update(request: { path: { id: string }; body: { title: string } }): Promise<unknown>;
  };
}

/**
 * A plugin that writes down what opencode does, a line of JSON an event; `read-record.ts` has their shape. It runs inside
 * opencode as text (`install-recorder.ts`), so it refers to nothing but its arguments. Only in the process that Forge
 * started: the variable is taken away, so that an opencode which the agent starts finds none. It never throws into
 * opencode: a full disk costs the record, not the work. It also hands over the prompt of a resumed session, since opencode
 * drops `--prompt` beside `--session`, and names a session after its first prompt: a title that a model makes costs tokens of
 * which opencode says nothing (`install-recorder.ts`).
 */
export function makeRecorder(
  append: (path: string, text: string, options: { mode: number }) => void,
  environment: Record<string, string | undefined>,
) {
  const { FORGE_RECORD: path, FORGE_PROMPT: text = '' } = environment;
  let resumed = environment.FORGE_RESUME;
  delete environment.FORGE_RECORD;
  delete environment.FORGE_RESUME;
  const write = (line: object) => {
    try {
      if (path !== undefined) append(path, `${JSON.stringify({ at: Date.now(), ...line })}\n`, { mode: 0o600 });
    } catch {
      // The record is less than the work.
    }
  };
  const userMessages = new Set<string>();
  const untitled = new Set<string>();
  const fieldsOf = ({ type, properties: its }: Event): object | null => {
    switch (type) {
      case 'session.created':
      case 'session.updated':
        if (/^New session - /.test(its.info.title) && !its.info.parentID) untitled.add(its.info.id);
        else untitled.delete(its.info.id);
        return { session: its.info.id, parent: its.info.parentID ?? null, created: its.info.time?.created };
      case 'session.status':
        return { session: its.sessionID, status: its.status };
      case 'session.error':
        return {
          session: its.sessionID ?? null,
          error: { name: its.error?.name, message: its.error?.data?.message, statusCode: its.error?.data?.statusCode },
        };
      case 'permission.asked':
        return { session: its.sessionID, id: its.id, what: [its.permission, ...(its.patterns ?? [])].join(' ') };
      case 'question.asked':
        return { session: its.sessionID, id: its.id, what: its.questions?.[0]?.question ?? '' };
      case 'permission.replied':
      case 'question.replied':
      case 'question.rejected':
        return { session: its.sessionID, id: its.requestID };
      case 'message.updated': {
        const { id, role, sessionID, modelID, finish, time } = its.info;
        if (role === 'user') userMessages.add(id);
        return {
          session: sessionID,
          id,
          role,
          model: modelID,
          finish,
          created: time?.created,
          completed: time?.completed,
        };
      }
      case 'message.part.updated': {
        const { id, messageID, sessionID, type: kind, text, synthetic, tokens, cost, callID, tool, state } = its.part;
        if (kind === 'step-finish') return { session: sessionID, id, message: messageID, tokens, cost };
        if (kind === 'tool' && (state?.status === 'completed' || state?.status === 'error'))
          return { session: sessionID, id: callID ?? id, message: messageID, tool, state };
        if (kind === 'text' && !synthetic && userMessages.has(messageID))
          return { session: sessionID, id, message: messageID, text };
        return null;
      }
      default:
        return null;
    }
  };
  return async ({ client }: { client: Client }) => {
    const id = resumed;
    resumed = undefined;
    // Not before opencode has all its plugins: it answers nobody until then.
    if (id !== undefined)
      setTimeout(async () => {
        try {
          await client.session.promptAsync({ path: { id }, body: { parts: [{ type: 'text', text }] } });
        } catch (failure) {
          const error = { name: 'prompt', message: `The prompt was not taken: ${failure}` };
          write({ type: 'session.error', session: id, error });
        }
      }, 0);
    return {
      event: async ({ event }: { event: Event }) => {
        try {
          const fields = fieldsOf(event);
          if (fields === null) return;
          write({ type: event.type, ...fields });
          const { session, text: said } = fields as { session?: string; text?: string };
          if (session === undefined || said === undefined || !untitled.delete(session)) return;
          const [line = ''] = said.trim().split('\n');
          const title = Array.from(line).slice(0, 60).join('');
          // Not awaited: it makes events of its own, which come here.
          if (title !== '') client.session.update({ path: { id: session }, body: { title } }).catch(() => {});
        } catch {
          // An event of another shape.
        }
      },
    };
  };
}
