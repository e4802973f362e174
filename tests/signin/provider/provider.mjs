// Two real OpenID providers on this machine: a council's and a police force's.
//
// Whoever signs in types a name, which becomes the subject. "nomfa-…" gives no second proof.
// It ends when its standard input does, so that it never outlives the tests.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const SCOPES = 'import read plantrack';

const SITES = {
  council: { alg: 'RS256', secret: 'council secret +%/:', proof: { acr: 'urn:council:two', amr: ['pwd'] } },
  police: { alg: 'ES256', proof: { acr: 'urn:police:one', amr: ['pwd', 'mfa'] } },
};
const ONE_PROOF = { acr: 'urn:one', amr: ['pwd'] };

function signingKey(alg) {
  const [kind, options] = alg === 'RS256' ? ['rsa', { modulusLength: 2048 }] : ['ec', { namedCurve: 'P-256' }];
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg, use: 'sig' };
}

function clients(name, { alg, secret }) {
  const person = {
    client_id: 'plantrack',
    redirect_uris: [`https://plantrack.example/sign-in/${name}/callback`],
    id_token_signed_response_alg: alg,
    ...(secret
      ? { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' }
      : { token_endpoint_auth_method: 'none' }),
  };
  const machine = {
    client_id: `${name}-import`,
    client_secret: `${name}-import-secret`,
    id_token_signed_response_alg: alg,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
  return [person, machine];
}

function configuration(name, site) {
  return {
    clients: clients(name, site),
    jwks: { keys: [signingKey(site.alg)] },
    cookies: {
      keys: [randomUUID()],
      names: { session: `${name}_session`, interaction: `${name}_interaction`, resume: `${name}_resume` },
    },
    claims: { openid: ['sub', 'acr', 'amr', 'email'], auth_time: null, acr: null, amr: null },
    acrValues: [site.proof.acr],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 600, ClientCredentials: 600, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => false,
        getResourceServerInfo: (_, resource) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: site.alg } },
        }),
      },
    },
    // The same address for everybody: who reads it as a name mixes people up.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: 'everybody@example.org' }),
    }),
    // Nobody is asked whether plantrack may know who they are.
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  };
}

const page = (title, path) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in at ${title}</title>
<body><main><h1>Sign in at ${title}</h1>
<form method="post" action="${path}" autocomplete="off">
<label for="login">Name</label> <input id="login" name="login" required>
<button type="submit">Sign in</button> <button type="submit" name="cancel" value="yes" formnovalidate>Cancel</button>
</form></main></body></html>`;

async function form(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

async function interact(provider, name, site, request, response) {
  await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    const given = await form(request);
    const login = given.get('login') ?? '';
    const proof = login.startsWith('nomfa-') ? ONE_PROOF : site.proof;
    const result = given.get('cancel')
      ? { error: 'access_denied', error_description: 'cancelled' }
      : { login: { accountId: login, remember: true, ...proof } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    return;
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(page(name, request.url));
}

async function start(name, site) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration(name, site));
  // The program under test listens on a port that is free just then.
  provider.Client.prototype.redirectUriAllowed = function allowed(address) {
    const { hostname, pathname } = new URL(address);
    return this.clientId === 'plantrack' && LOOPBACK.has(hostname) && pathname === `/sign-in/${name}/callback`;
  };
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    return interact(provider, name, site, request, response).catch((wrong) => {
      response.statusCode = 400;
      response.end(`This sign-in is over: ${wrong.name}`);
    });
  });
  return issuer;
}

const started = await Promise.all(Object.entries(SITES).map(async ([name, site]) => [name, await start(name, site)]));
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify(Object.fromEntries(started))}\n`);
