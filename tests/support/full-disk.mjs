// Loaded into a server process before all else (node --import). While the file named by FULL_DISK is there, no file can
// grow, as on a full disk: what is allocated already can still be written.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const flag = process.env.FULL_DISK ?? "";
const writeSync = fs.writeSync;

fs.writeSync = (fd, buffer, offset, length, position) => {
  const grows = typeof position === "number" && position + length > fs.fstatSync(fd).size;
  if (grows && fs.existsSync(flag)) {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      errno: -28,
      syscall: "write",
    });
  }
  return writeSync(fd, buffer, offset, length, position);
};

syncBuiltinESMExports();
