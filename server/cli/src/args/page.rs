use super::Cli;
use clap::builder::{Command, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, CommandFactory as _};

/// How a page of help is laid out.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// What can be said with every command.
const EVERYWHERE: [&str; 3] = ["json", "help", "version"];

/// The command line with its pages of help in Chinese.
pub(crate) fn command() -> Command {
    let root = Cli::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true).help("看这一页说明"))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help("看版本"));
    let mut root = headed(root);
    root.build();
    with_usage(root)
}

fn headed(command: Command) -> Command {
    command
        .help_template(TEMPLATE)
        .disable_help_subcommand(true)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| {
            let heading = match arg.get_id().as_str() {
                id if EVERYWHERE.contains(&id) => "通用选项",
                _ if arg.is_positional() => "参数",
                _ => "选项",
            };
            let has_value = arg.get_action().takes_values();
            let arg = arg.help_heading(heading);
            if has_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
        })
        .mut_subcommands(headed)
}

/// The line of usage is made by the library, and then put into Chinese.
fn with_usage(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", "[选项]");
    command.override_usage(StyledStr::from(usage)).mut_subcommands(with_usage)
}

/// What is wrong with a command line, and the way out.
pub(crate) fn usage_sentence(error: &clap::Error) -> String {
    let said = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("还缺：{}。", said(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令。", said(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("不认识“{}”。", said(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => "还没有说要做什么。".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!("“{}”和“{}”不能一起用。", said(ContextKind::InvalidArg), said(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let values = said(ContextKind::ValidValue);
            let choices = if values.is_empty() { String::new() } else { format!("可以写：{values}。") };
            match said(ContextKind::InvalidValue).as_str() {
                "" => format!("{} 后面要写内容。{choices}", said(ContextKind::InvalidArg)),
                value => format!("{} 不能是“{value}”。{choices}", said(ContextKind::InvalidArg)),
            }
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::TooManyValues => {
            format!("{} 的个数不对。", said(ContextKind::InvalidArg))
        }
        _ => "命令写得不对。".to_owned(),
    };
    format!("{what}加 --help 可以看说明和例子。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn every_page_of_help_has_an_example_of_its_command() {
        fn walk(command: &Command, name: &str) {
            for sub in command.get_subcommands() {
                let examples = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                let (parent, own) = (format!("qiaomen{name} "), sub.get_name());
                let shown =
                    examples.lines().any(|l| l.trim().starts_with(parent.trim_end()) && l.contains(&format!(" {own}")));
                assert!(sub.has_subcommands() || shown, "{name} {own}");
                walk(sub, &format!("{name} {own}"));
            }
        }
        walk(&command(), "");
    }

    #[test]
    fn every_example_in_the_help_can_be_typed() {
        fn walk(command: &Command) {
            let page = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in page.lines().map(str::trim).filter(|l| l.starts_with("qiaomen ")) {
                let typed = line.split(" #").next().unwrap_or_default();
                let parsed = super::command().try_get_matches_from(typed.split_whitespace());
                assert!(parsed.is_ok(), "{typed}: {}", parsed.unwrap_err());
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&command());
    }

    #[test]
    fn no_page_of_help_speaks_english_where_it_need_not() {
        fn walk(command: &Command, line: &[&str]) {
            let page = super::command().try_get_matches_from(line.iter().chain(&["--help"])).unwrap_err().to_string();
            for word in
                ["Usage", "Options", "Arguments", "Commands", "Print", "[OPTIONS]", "possible values", "default:"]
            {
                assert!(!page.contains(word), "{word} in {page}");
            }
            for sub in command.get_subcommands() {
                walk(sub, &[line, &[sub.get_name()]].concat());
            }
        }
        walk(&command(), &["qiaomen"]);
    }

    #[test]
    fn the_pages_of_help_about_review_read_as_before() {
        fn walk(command: &Command, line: &[&str], pages: &mut String) {
            let page = super::command().try_get_matches_from(line.iter().chain(&["--help"])).unwrap_err().to_string();
            pages.push_str(&format!("$ {} --help\n{page}\n", line.join(" ")));
            for sub in command.get_subcommands() {
                walk(sub, &[line, &[sub.get_name()]].concat(), pages);
            }
        }
        let mut pages = String::new();
        for name in ["conflicts", "decide", "undo", "quarantine"] {
            let root = command();
            let page = root.find_subcommand(name).unwrap();
            walk(page, &["qiaomen", name], &mut pages);
        }
        insta::assert_snapshot!("review", pages);
    }

    #[test]
    fn a_rule_and_a_number_do_not_go_together_and_a_preview_needs_a_rule() {
        let parses = |line: &str| command().try_get_matches_from(line.split(' ')).is_ok();
        for right in [
            "qiaomen decide --data D 1 --take A --seen 00",
            "qiaomen decide --data D --rule later --field phone --preview",
            "qiaomen decide --data D --token 00",
            "qiaomen decide --data D --rule later --field phone --token 00",
            "qiaomen undo --data D 1",
            "qiaomen undo --data D --bulk 1",
            "qiaomen conflicts --data D --parallel --days 90 --grid g",
            "qiaomen quarantine --data D --code fork export --out f",
        ] {
            assert!(parses(right), "{right}");
        }
        for wrong in [
            "qiaomen decide --data D",
            "qiaomen decide --data D 1 --rule later --preview",
            "qiaomen decide --data D --rule later --take A",
            "qiaomen decide --data D --token 00 --preview --rule later",
            "qiaomen decide --data D --preview 1",
            "qiaomen decide --data D 1 --take A --value B",
            "qiaomen undo --data D",
            "qiaomen undo --data D 1 --bulk 1",
            "qiaomen conflicts --data D --days 3",
            "qiaomen conflicts --data D --parallel --days 91",
            "qiaomen conflicts --data D --parallel --counts",
        ] {
            assert!(!parses(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        let wrong = |line: &str| match command().try_get_matches_from(line.split(' ')) {
            Ok(_) => String::new(),
            Err(e) => usage_sentence(&e),
        };
        assert_eq!(wrong("qiaomen servee"), "没有“servee”这个命令。加 --help 可以看说明和例子。");
        assert!(wrong("qiaomen serve").starts_with("还缺：--data <DIR>"));
        assert!(wrong("qiaomen decide --data D 1 --take A --both").contains("不能一起用"));
        assert!(wrong("qiaomen decide --data D x --take A").contains("不能是“x”"));
        assert!(wrong("qiaomen serve --data D --listen here").contains("不能是“here”"));
    }
}
