import { Command, CommanderError } from "commander";
import { isConvError } from "leanconv";
import { calibrateCommand } from "./commands/calibrate.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { networksCommand } from "./commands/networks.ts";
import { planCommand } from "./commands/plan.ts";
import { runCommand } from "./commands/run.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Io } from "./io.ts";
import { packageVersion } from "./version.ts";

/** What a command says about the outcome: 0 good, 1 a check failed or nothing fits, 2 the command line was wrong. */
export type ExitCode = 0 | 1 | 2;

/** The commands, writing to `io`. `report` takes the exit code of the one that ran. */
export function buildProgram(io: Io, report: (code: ExitCode) => void): Command {
  const program = new Command("leanconv")
    .description("Plans and runs convolutions inside a memory budget that is known, in bytes, before anything runs.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => {}, getOutHasColors: () => io.colors });
  for (const command of [planCommand, runCommand, calibrateCommand, verifyCommand, networksCommand, doctorCommand]) {
    program.addCommand(command(io, report).copyInheritedSettings(program));
  }
  return program;
}

/** Runs one command line (without `node` and the script) and gives its exit code. Errors become one line on stderr. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  try {
    await buildProgram(io, (reported) => {
      code = reported;
    }).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, io);
    if (isConvError(error)) {
      io.err(`leanconv: ${error.message}\n`);
      return error.code.startsWith("argument.") ? 2 : 1;
    }
    io.err(`leanconv: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}

/** Help and version are thrown too, with exit code 0 and their text already written. */
function usage(error: CommanderError, io: Io): ExitCode {
  if (error.exitCode === 0) return 0;
  // Help for want of a command has been written in full.
  if (error.code === "commander.help") return 2;
  const isName = error.code === "commander.unknownOption" || error.code === "commander.unknownCommand";
  const message = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  io.err(`leanconv: ${message} [${isName ? "argument.name" : "argument.format"}]\n`);
  return 2;
}
