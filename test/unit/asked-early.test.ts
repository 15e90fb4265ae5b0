import { expect, test } from 'vitest';
import type { AppClient } from '../../src/app/client.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { projectView } from '../support/project-view.ts';

const client = { call: async () => 'done' } as unknown as AppClient;
const ask = (model: DashboardModel) => model.ask((asked) => asked.call('task.list', {}));

test('what is asked while the supervisor is being started is asked when it is there', async () => {
  const model = new DashboardModel();
  const asked = ask(model);
  model.connect(client, '/p');
  model.receive(projectView({}), '/p');
  expect(await asked).toBe('done');

  // And again when it went away, in the project where it was asked.
  model.connect(null, '/p');
  const again = ask(model);
  model.connect(client, '/p');
  expect(await again).toBe('done');
  expect(model.state.message).toBeNull();
  model.dispose();
});
