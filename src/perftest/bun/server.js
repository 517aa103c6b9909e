// Echo and broadcast on bun's server, which has uWebSockets inside. bun server.js PORT
const maxMessageBytes = 64 * 1024 * 1024;
const { TLS_CERTIFICATE: certificate, TLS_KEY: key } = process.env;
Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  tls: certificate && { cert: Bun.file(certificate), key: Bun.file(key) },
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    if (!server.upgrade(request, { data: path })) return new Response("not found", { status: 404 });
  },
  websocket: {
    maxPayloadLength: maxMessageBytes,
    backpressureLimit: maxMessageBytes,
    idleTimeout: 0,
    perMessageDeflate: true, // where a client offers it
    publishToSelf: true,
    open(socket) {
      if (socket.data === "/broadcast") socket.subscribe("everybody");
    },
    message(socket, message) {
      if (socket.data === "/broadcast") socket.publish("everybody", message);
      else socket.send(message, socket.data === "/echo-deflate");
    },
  },
});
process.on("SIGTERM", () => process.exit(0));
console.log("ready");
