// As much of a Dockerfile as this project's uses.

type Instruction = { name: string; text: string };
export type Stage = { name: string; instructions: Instruction[] };

/** The stages of a Dockerfile, in order; one without a name has its number. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of joinLines(text)) {
    const [, name = "", rest = ""] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    if (name === "FROM") {
      stages.push({ name: /\sAS\s+(\S+)$/.exec(rest)?.[1] ?? `${stages.length}`, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`The Dockerfile begins with ${name}, where FROM must stand.`);
    stage.instructions.push({ name, text: rest });
  }
  return stages;
}

/** Lines without comments, each with those that it is continued on. */
function joinLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** The one argument of an instruction that a stage has once. */
export function getInstruction(stage: Stage, name: string): string {
  const found = stage.instructions.filter((instruction) => instruction.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`The stage ${stage.name} has ${found.length} times ${name}.`);
  return found[0].text;
}

/** The command of CMD or HEALTHCHECK, which must be in its JSON form. */
export function toCommand(text: string): string[] {
  const json = /\[.*\]$/s.exec(text)?.[0];
  if (!json) throw new Error(`${JSON.stringify(text)} has no command in its JSON form.`);
  return JSON.parse(json) as string[];
}

/** The variables of the stage's ENV instructions. */
export function toVariables({ instructions }: Stage): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === "ENV").flatMap(({ text }) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}
