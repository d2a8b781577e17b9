//! Commands at a terminal can be talked to.

use crate::support::{Terminal, Tool, program};

fn shell(script: &str) -> Tool {
    program("/bin/sh").args(["-c", script])
}

#[test]
fn a_prompt_is_answered() {
    let mut terminal: Terminal = shell("printf 'Proceed? [y/N] '; read answer; echo \"answer: $answer\"").terminal();
    terminal.expect("Proceed? [y/N] ").send_line("y").expect("answer: y");
    terminal.wait().code(0);
}

#[test]
fn all_three_streams_are_the_terminal_of_a_known_width() {
    let outcome = shell("test -t 0 && test -t 1 && test -t 2 && stty size").terminal().wait();
    outcome.code(0).stderr_has("30 100");
}

#[test]
fn control_c_interrupts_through_the_terminal() {
    let mut terminal = shell("trap 'echo caught; exit 130' INT; echo ready; while :; do sleep 0.01; done").terminal();
    terminal.expect("ready").control('c').expect("caught");
    terminal.wait().code(130);
}

#[test]
fn data_on_stdin_leaves_the_terminal_for_prompts() {
    let script = "cat; printf 'Sure? ' >/dev/tty; read answer </dev/tty; echo \"got $answer\"";
    let mut terminal = shell(script).stdin("data\n").stdout_apart().terminal();
    terminal.expect("Sure? ").send_line("yes");
    terminal.wait().code(0).stdout_has("data\ngot yes\n");
}

#[test]
fn the_process_id_is_the_tools_own() {
    let mut terminal = shell("echo \"pid $$\"; exec sleep 60").terminal();
    let id = terminal.running().id();
    terminal.expect(&format!("pid {id}\r\n"));
    terminal.running().signal("TERM");
    terminal.wait().ended_by_signal(15);
}

#[test]
#[should_panic(expected = "expected `never` on the terminal")]
fn expecting_what_never_comes_fails_when_the_command_ends() {
    shell("echo something else").terminal().expect("never");
}
