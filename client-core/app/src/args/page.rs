use super::Cli;
use clap::builder::{Command, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, CommandFactory as _};

/// How a page of help is laid out.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// What can be said with every command.
const EVERYWHERE: [&str; 5] = ["home", "pin_file", "json", "help", "version"];

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
    let usage = usage.replacen("qiaomen-field", "qiaomen-field --home <DIR>", 1);
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
    fn every_page_of_help_has_an_example() {
        fn walk(command: &Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let examples = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(sub.has_subcommands() || examples.contains(&format!("DIR{path}")), "{path}");
                walk(sub, &path);
            }
        }
        walk(&command(), "");
    }

    #[test]
    fn every_page_of_help_reads_as_before() {
        fn walk(command: &Command, line: &[&str], pages: &mut String) {
            let asked = super::command().try_get_matches_from(line.iter().chain(&["--help"]));
            pages.push_str(&format!("$ {} --help\n{}\n", line.join(" "), asked.unwrap_err()));
            for sub in command.get_subcommands() {
                walk(sub, &[line, &[sub.get_name()]].concat(), pages);
            }
        }
        let mut pages = String::new();
        walk(&command(), &["qiaomen-field"], &mut pages);
        insta::assert_snapshot!("help", pages);
    }

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        let wrong = |line: &str| match command().try_get_matches_from(line.split(' ')) {
            Ok(_) => String::new(),
            Err(e) => usage_sentence(&e),
        };
        assert_eq!(wrong("qiaomen-field dors"), "没有“dors”这个命令。加 --help 可以看说明和例子。");
        assert!(wrong("qiaomen-field visit 3-2-502").starts_with("还缺：--outcome"));
        assert!(wrong("qiaomen-field visit 3-2-502 --outcome perhaps").contains("可以写：met、not-home、refused"));
        assert!(wrong("qiaomen-field doors --bulding 3").starts_with("不认识“--bulding”"));
    }
}
