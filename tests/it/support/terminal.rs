//! A tool at a pseudo-terminal, as a person uses it: what is asked can be expected, what is typed is sent, ^C
//! reaches the foreground process through the terminal itself.
//!
//! The child needs the terminal as its controlling one, for prompts that read `/dev/tty`. A session leader gets
//! that by opening the terminal; `setsid` (util-linux) and a shell do it, since between fork and exec safe Rust
//! cannot. Both replace themselves, so the process id stays the tool's.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::command::Stdout;
use super::stream::Stream;
use super::{Outcome, Running, Tool};

/// As `COLUMNS` of the clean room says.
const SIZE: Winsize = Winsize { ws_col: 100, ws_row: 30, ws_xpixel: 0, ws_ypixel: 0 };

/// Takes the terminal named first as the controlling one, then becomes the command that follows.
const TAKE_TERMINAL: &str = ": <\"$0\"; exec \"$@\"";

/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(3);

/// A tool running at a terminal. What the terminal shows is its outcome's `stderr`.
pub struct Terminal {
    running: Running,
    keyboard: File,
    seen: usize,
    patience: Duration,
}

impl Terminal {
    pub(super) fn start(tool: Tool) -> Self {
        let (master, path) = open();
        let line = || File::options().read(true).write(true).open(&path).expect("the terminal's own end opens");
        let wrapping = ["/usr/bin/setsid", "/bin/sh", "-c", TAKE_TERMINAL].map(OsStr::new);
        let mut process = tool.process(&[&wrapping[..], &[path.as_os_str()]].concat());
        process.env("TERM", "xterm-256color").stderr(line());
        process.stdin(if tool.stdin.is_some() { Stdio::piped() } else { line().into() });
        process.stdout(if matches!(tool.stdout, Stdout::Read) { line().into() } else { tool.stdout_stdio() });
        let mut child = process.spawn().unwrap_or_else(|error| panic!("$ {}: {error}", tool.line()));
        // The command keeps the terminal's end open in this process, and with it the screen would never end.
        drop(process);
        let keyboard = File::from(master);
        let screen = keyboard.try_clone().expect("a descriptor can be duplicated");
        let limit = tool.stdout_limit();
        let stdout = child.stdout.take();
        let stdout = stdout.map_or_else(Stream::nothing, |pipe| Stream::read(pipe, limit));
        let patience = tool.patience;
        let running = Running::of(child, tool, stdout, Stream::read(screen, usize::MAX));
        Self { running, keyboard, seen: 0, patience }
    }

    /// Waits until the text appears on the screen after what was expected before.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> &mut Self {
        let deadline = Instant::now() + self.patience;
        loop {
            // Asked before the screen: what a tool wrote last is still to be found after its end.
            let alive = self.running.alive() && Instant::now() < deadline;
            if !alive {
                self.running.stderr.wait_for_end(Duration::from_secs(1));
            }
            if let Some(end) = self.running.stderr.find(text, self.seen) {
                self.seen = end;
                return self;
            }
            assert!(alive, "expected `{text}` on the terminal\n{}", self.running);
            std::thread::sleep(LOOK);
        }
    }

    /// Types the text, without a line end. The terminal echoes it.
    pub fn send(&mut self, text: &str) -> &mut Self {
        self.keyboard.write_all(text.as_bytes()).expect("a terminal takes what is typed");
        self
    }

    /// Types the text and the return key.
    pub fn send_line(&mut self, text: &str) -> &mut Self {
        self.send(text).send("\r")
    }

    /// Types a control character: `'C'` interrupts, `'D'` ends the input.
    pub fn control(&mut self, letter: char) -> &mut Self {
        let code = u8::try_from(letter.to_ascii_uppercase()).expect("a control character is a letter") & 0x1f;
        self.keyboard.write_all(&[code]).expect("a terminal takes what is typed");
        self
    }

    /// The process at the terminal, to be signalled or watched.
    pub fn running(&mut self) -> &mut Running {
        &mut self.running
    }

    /// Waits for the end.
    #[track_caller]
    pub fn wait(self) -> Outcome {
        self.running.wait()
    }
}

fn open() -> (OwnedFd, PathBuf) {
    // CLOEXEC, so that no other child started meanwhile keeps the screen open.
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags).expect("the system has pseudo-terminals");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("a new pseudo-terminal can be unlocked");
    tcsetwinsize(master.as_fd(), SIZE).expect("a terminal has a size");
    let name = ptsname(&master, Vec::new()).expect("a pseudo-terminal has a name");
    (master, PathBuf::from(name.into_string().expect("terminal names are ASCII")))
}
