// Echo and broadcast on the package ws, the WebSocket server that most of Node.js has. node server.js PORT
"use strict";
const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocketServer } = require("ws");

const { TLS_CERTIFICATE: certificate, TLS_KEY: key } = process.env;
const everybody = new Set();

const echo = (socket) => socket.on("message", (data, binary) => socket.send(data, { binary }));
const toEverybody = (socket) => {
  everybody.add(socket);
  socket.on("close", () => everybody.delete(socket));
  socket.on("message", (data, binary) => everybody.forEach((member) => member.send(data, { binary })));
};

const endpoint = (onSocket, perMessageDeflate) => {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate, maxPayload: 64 * 1024 * 1024, clientTracking: false });
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    onSocket(socket);
  });
  return server;
};
const endpoints = {
  "/echo": endpoint(echo, false),
  "/echo-deflate": endpoint(echo, { threshold: 0 }),
  "/broadcast": endpoint(toEverybody, false),
};

const notFound = (request, response) => response.writeHead(404).end();
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, notFound)
  : http.createServer(notFound);
server.on("upgrade", (request, socket, head) => {
  const wanted = endpoints[request.url];
  if (!wanted) socket.destroy();
  else wanted.handleUpgrade(request, socket, head, (opened) => wanted.emit("connection", opened, request));
});
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
