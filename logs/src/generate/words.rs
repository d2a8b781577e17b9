//! Words that the estate is made of. None of them names anybody: domains are reserved for examples.

use super::random::Random;

pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const FIRST_NAMES: [&str; 40] = [
    "Ada", "Alan", "Amy", "Anna", "Ben", "Carla", "Chen", "Clara", "Dana", "David", "Elena", "Emil", "Eva", "Farid",
    "Fatima", "Felix", "Grace", "Hana", "Hugo", "Irina", "Ivan", "Jan", "Jonas", "Julia", "Kenji", "Lara", "Leo",
    "Lina", "Maria", "Max", "Mia", "Nadia", "Noah", "Olga", "Omar", "Paula", "Ravi", "Sara", "Tom", "Yuki",
];

const LAST_NAMES: [&str; 25] = [
    "Abe", "Baker", "Berg", "Brown", "Costa", "Diaz", "Evans", "Fischer", "Garcia", "Hall", "Ito", "Jensen", "Khan",
    "Lopez", "Meyer", "Novak", "Okafor", "Park", "Rossi", "Sato", "Silva", "Singh", "Weber", "Young", "Zhang",
];

pub(super) const HOST_KINDS: [&str; 6] = ["laptop", "desktop", "web", "db", "build", "gateway"];

pub(super) const AGENTS: [&str; 8] = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
    "aws-cli/2.16.1 Python/3.11.8 Linux/6.1 exe/x86_64",
    "Boto3/1.34.130 Python/3.12.3 Linux/6.1 Botocore/1.34.130",
];

pub(super) const TOP_LEVELS: [&str; 4] = ["com", "net", "org", "edu"];

pub(super) const FOLDERS: [&str; 8] =
    ["/usr/bin", "/etc", "/var/log", "/home/app", "/opt/service", "/tmp", "/srv/data", "/var/lib/app"];

pub(super) const FILES: [&str; 10] = [
    "app.log",
    "passwd",
    "config.yml",
    "report.csv",
    "backup.tar",
    "server.key",
    "index.html",
    "main.py",
    "run.sh",
    "cache.db",
];

pub(super) const COMMANDS: [&str; 10] = [
    "/usr/bin/ls -la",
    "/usr/bin/cat /etc/hosts",
    "/usr/bin/ssh web-007",
    "/usr/bin/curl -s https://www.example.com/",
    "/usr/bin/python3 main.py",
    "/usr/bin/systemctl status nginx",
    "/usr/bin/git pull",
    "/bin/sh -c run.sh",
    "/usr/sbin/sshd -D",
    "/usr/bin/sudo -i",
];

pub(super) const REGIONS: [&str; 6] =
    ["us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];

pub(super) const COUNTRIES: [&str; 10] = ["US", "DE", "GB", "FR", "JP", "BR", "IN", "CA", "AU", "NL"];

pub(super) const CITIES: [&str; 10] =
    ["Berlin", "London", "Paris", "Tokyo", "Sao Paulo", "Mumbai", "Toronto", "Sydney", "Amsterdam", "New York"];

pub(super) const WORDS: [&str; 48] = [
    "access", "account", "alpha", "archive", "audit", "backup", "batch", "billing", "branch", "cache", "catalog",
    "change", "cluster", "config", "console", "data", "default", "deploy", "device", "edge", "events", "export",
    "gateway", "group", "index", "internal", "invoice", "ledger", "login", "mail", "metrics", "orders", "partner",
    "payment", "policy", "portal", "primary", "project", "queue", "report", "search", "session", "shop", "stage",
    "storage", "stream", "team", "worker",
];

const VERBS: [&str; 8] = ["accepted", "refused", "created", "removed", "updated", "opened", "closed", "checked"];

const SITES: [&str; 5] = ["www", "api", "cdn", "login", "mail"];

/// First and last name of a person.
pub(super) fn person(number: usize) -> (&'static str, &'static str) {
    (FIRST_NAMES[number % FIRST_NAMES.len()], LAST_NAMES[number / FIRST_NAMES.len() % LAST_NAMES.len()])
}

/// A person's name as systems know it.
pub(super) fn user(number: usize) -> String {
    let (first, last) = person(number);
    format!("{}.{}", first.to_ascii_lowercase(), last.to_ascii_lowercase())
}

/// A domain below those that are reserved for examples.
pub(super) fn domain(number: usize, top: usize) -> String {
    let site = SITES[number % SITES.len()];
    format!("{site}.{}{}.example.{}", WORDS[number % WORDS.len()], number / WORDS.len(), TOP_LEVELS[top])
}

/// The path of a URL.
pub(super) fn path(random: &mut Random) -> String {
    let mut path = String::new();
    for _ in 0..=random.index(3) {
        path.push('/');
        path.push_str(WORDS[random.index(WORDS.len())]);
    }
    if random.index(2) == 0 {
        path.push_str(&format!("/{}", random.index(100_000)));
    }
    path
}

/// Three to six words.
pub(super) fn phrase(random: &mut Random) -> String {
    let mut phrase = WORDS[random.index(WORDS.len())].to_owned();
    phrase.push(' ');
    phrase.push_str(VERBS[random.index(VERBS.len())]);
    for _ in 0..=random.index(4) {
        phrase.push(' ');
        phrase.push_str(WORDS[random.index(WORDS.len())]);
    }
    phrase
}
