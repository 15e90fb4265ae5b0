/** An event of opencode, of which only the listed fields of the listed types are looked at. */
interface Event {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: another program's events; what is written down is checked by its reader.
  properties: any;
}

/**
 * A plugin that writes down what opencode does, a line of JSON an event; `read-record.ts` has their shape. It runs inside
 * opencode as text (`install-recorder.ts`), so it refers to nothing but its arguments. Only in the process that Forge
 * started: the variable is taken away, so that an opencode which the agent starts finds none. It never throws into
 * opencode: a full disk costs the record, not the work.
 */
export function makeRecorder(
  append: (path: string, text: string, options: { mode: number }) => void,
  environment: Record<string, string | undefined>,
) {
  const path = environment.FORGE_RECORD;
  delete environment.FORGE_RECORD;
  const userMessages = new Set<string>();
  const fieldsOf = ({ type, properties: its }: Event): object | null => {
    switch (type) {
      case 'session.created':
      case 'session.updated':
        return { session: its.info.id, parent: its.info.parentID ?? null };
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
        return { session: sessionID, id, role, model: modelID, finish, completed: time?.completed };
      }
      case 'message.part.updated': {
        const { id, messageID, sessionID, type: kind, text, synthetic, tokens, cost } = its.part;
        if (kind === 'step-finish') return { session: sessionID, id, message: messageID, tokens, cost };
        if (kind === 'text' && !synthetic && userMessages.has(messageID))
          return { session: sessionID, id, message: messageID, text };
        return null;
      }
      default:
        return null;
    }
  };
  return async () => ({
    event: async ({ event }: { event: Event }) => {
      if (path === undefined) return;
      try {
        const fields = fieldsOf(event);
        if (fields === null) return;
        append(path, `${JSON.stringify({ at: Date.now(), type: event.type, ...fields })}\n`, { mode: 0o600 });
      } catch {
        // The record is less than the work.
      }
    },
  });
}
