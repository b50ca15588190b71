import { runProgram } from "./program/program";
import { endWithReader } from "./terminal";

// npm run rollup -- <command>

endWithReader();
process.exitCode = await runProgram(process.argv.slice(2));
