#!/usr/bin/env node
// The command. Plain JavaScript with nothing new in it, so that an old Node reads it far enough to
// say what is wrong. Beside the sources it runs the sources, in the build it runs the build.
const version = process.versions.node.split('.');
if (Number(version[0]) * 1000 + Number(version[1]) < 22013) {
  process.stderr.write(
    'interlock needs Node 22.13 or newer, and this is Node ' +
      process.versions.node +
      '. In a checkout, npm start and npx interlock bring their own.\n',
  );
  process.exitCode = 1;
} else {
  import('./main.ts').then(
    (cli) => cli.run(),
    (error) => {
      if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
      process.stderr.write(
        'interlock runs its sources on Node 22.18 or newer; npm start has one.\n',
      );
      process.exitCode = 1;
    },
  );
}
