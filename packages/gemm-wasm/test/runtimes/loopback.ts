import { connect, createServer } from "node:net";

/** Whether this machine can talk to itself: a page comes from a server here, also where there is no other network. */
export function hasLoopback(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    const end = (found: boolean): void => {
      server.close();
      resolve(found);
    };
    server.once("error", () => resolve(false));
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        end(true);
      });
      socket.once("error", () => end(false));
    });
  });
}
