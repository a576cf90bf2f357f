// One origin for files from memory and for the server: what is no such file is asked of it, WebSocket upgrades are piped on untouched.

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

/** @param {Map<string, [type: string, text: string]>} files by path */
export async function serveBeside(server, files) {
  const sockets = new Set();
  const site = http.createServer((request, response) => {
    const file = files.get(request.url.split('?')[0]);
    if (file) {
      response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
      return;
    }

    const { method, url, headers } = request;
    const asked = http.request({ host: '127.0.0.1', port: server.port, method, path: url, headers }, answer => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  site.on('connection', socket => sockets.add(socket));
  site.on('upgrade', (request, socket, head) => {
    const upstream = net.connect(server.port, '127.0.0.1');
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    }

    upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
    // Pipes end both sides in order; an error on one side must take the other with it.
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return {
    url: `http://127.0.0.1:${site.address().port}/`,
    close: () => {
      sockets.forEach(socket => socket.destroy());
      site.close();
    },
  };
}
