// Calls by HTTP.

/** @returns {Promise<{ status: number, body: object | null, problem: string }>} status 0: nobody answered */
export async function call(path, token, method = 'GET') {
  try {
    const response = await fetch(path, { method, headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    const body = text === '' ? {} : JSON.parse(text);
    return { status: response.status, body: response.ok ? body : null, problem: response.ok ? '' : body.detail ?? body.title };
  } catch (error) {
    return { status: 0, body: null, problem: `The server does not answer (${error.message}).` };
  }
}

/** What the gateway does right now; `stats` is null when it does not say. */
export async function loadStats(token) {
  const { status, body, problem } = await call('/v1/stats', token);
  return { status, stats: body, problem };
}
