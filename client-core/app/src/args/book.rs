use clap::{Args, Subcommand};

/// Doors.
#[derive(Debug, Subcommand)]
pub(crate) enum HouseholdCommand {
    #[command(
        about = "登记一户（已有的也没关系）",
        after_help = "例子：\n  qiaomen-field --home DIR household add --building 3号楼 --unit 2 --room 502\n  qiaomen-field --home DIR household add --building 1号楼 --room 底商3 --json"
    )]
    Add {
        #[arg(long, value_name = "楼栋", help = "楼栋")]
        building: String,
        #[arg(long, value_name = "单元", default_value = "", help = "单元；没有就不写")]
        unit: String,
        #[arg(long, value_name = "房号", help = "房号")]
        room: String,
    },
    #[command(
        about = "更正户况，或记下不愿说、不清楚",
        after_help = "例子：\n  qiaomen-field --home DIR household correct 3-2-502 居住情况 出租\n  qiaomen-field --home DIR household correct 3-2-502 常住人数 3\n  qiaomen-field --home DIR household correct 3-2-502 people_count --refused"
    )]
    Correct {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
        #[arg(value_name = "哪一项", help = "居住情况、常住人数（或 use、people_count）")]
        field: String,
        #[command(flatten)]
        value: Value,
    },
    #[command(
        about = "整户拒访；--withdraw 表示又愿意了",
        after_help = "例子：\n  qiaomen-field --home DIR household refuse 3-2-502\n  qiaomen-field --home DIR household refuse 3-2-502 --people 4\n  qiaomen-field --home DIR household refuse 3-2-502 --withdraw"
    )]
    Refuse {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
        #[arg(long, value_name = "人数", help = "只肯说有几个人的，记下人数")]
        people: Option<u32>,
        #[arg(long, conflicts_with = "people", help = "取消整户拒访")]
        withdraw: bool,
    },
    #[command(
        about = "登记住户：谁住、怎么住、从哪天起",
        after_help = "例子：\n  qiaomen-field --home DIR household occupy 3-2-502 --kind 自住 --head 王建国\n  qiaomen-field --home DIR household occupy 3-2-502 --kind 出租 --since 2026-03-01"
    )]
    Occupy {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
        #[arg(long, value_name = "方式", help = "自住、出租、借住等")]
        kind: String,
        #[arg(long, value_name = "居民", help = "户主")]
        head: Option<String>,
        #[arg(long, value_name = "日期", help = "从哪天起")]
        since: Option<String>,
    },
    #[command(
        about = "住户搬走",
        after_help = "例子：\n  qiaomen-field --home DIR household vacate 3-2-502\n  qiaomen-field --home DIR household vacate 3-2-502 --until 2026-05-01 --row AZLxxA"
    )]
    Vacate {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
        #[arg(
            long,
            value_name = "住户",
            allow_hyphen_values = true,
            help = "哪一个住户（door 里有编号）；只有一个时不用写"
        )]
        row: Option<String>,
        #[arg(long, value_name = "日期", help = "哪天搬走；不写就是今天")]
        until: Option<String>,
    },
    #[command(
        about = "给一户加备注",
        after_help = "例子：\n  qiaomen-field --home DIR household note 3-2-502 家里有狗，先打电话"
    )]
    Note {
        #[arg(value_name = "户", help = "编号、编号开头，或地址")]
        door: String,
        #[arg(value_name = "文字", help = "备注")]
        text: String,
    },
}

/// People.
#[derive(Debug, Subcommand)]
pub(crate) enum ResidentCommand {
    #[command(
        about = "登记一位居民",
        after_help = "例子：\n  qiaomen-field --home DIR resident add --door 3-2-502 --name 王建国 --relation 户主 --phone 13837783533\n  qiaomen-field --home DIR resident add --door 3-2-502 --name 李秀兰 --relation 配偶 --phone 拒绝 --unknown 身份证号\n\n值写“拒绝”“保密”等，记为拒绝提供；写“不清楚”，记为不清楚。"
    )]
    Add(Box<Registration>),
    #[command(
        about = "看一位居民",
        after_help = "例子：\n  qiaomen-field --home DIR resident show 王建国\n  qiaomen-field --home DIR resident show \"3-2-502 王建国\" --json"
    )]
    Show {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
    },
    #[command(
        about = "更正一项",
        after_help = "例子：\n  qiaomen-field --home DIR resident correct 王建国 电话 13909990000\n  qiaomen-field --home DIR resident correct \"3-2-502 王建国\" 人员类别 独居老人，低保\n  qiaomen-field --home DIR resident correct 王建国 工作单位 --clear"
    )]
    Correct {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(value_name = "哪一项", help = "如 电话、身份证号、出生日期（或 phone、identity、birth）")]
        field: String,
        #[command(flatten)]
        value: Value,
    },
    #[command(
        about = "某一项不愿说：记下来，以后不再追问",
        after_help = "例子：\n  qiaomen-field --home DIR resident refuse 王建国 身份证号"
    )]
    Refuse {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(value_name = "哪一项", help = "如 电话、身份证号")]
        field: String,
    },
    #[command(
        about = "某一项不清楚",
        after_help = "例子：\n  qiaomen-field --home DIR resident unknown 王建国 出生日期"
    )]
    Unknown {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(value_name = "哪一项", help = "如 电话、身份证号")]
        field: String,
    },
    #[command(
        about = "搬到另一户",
        after_help = "例子：\n  qiaomen-field --home DIR resident move 王建国 --to 5-1-302\n  qiaomen-field --home DIR resident move 王建国 --to 5-1-302 --on 2026-05-01"
    )]
    Move {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(long, value_name = "户", help = "搬到哪一户")]
        to: String,
        #[arg(long, value_name = "日期", help = "哪天；不写就是今天")]
        on: Option<String>,
    },
    #[command(
        about = "搬走了",
        after_help = "例子：\n  qiaomen-field --home DIR resident out 王建国\n  qiaomen-field --home DIR resident out 王建国 --on 2026-05-01"
    )]
    Out {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(long, value_name = "日期", help = "哪天；不写就是今天")]
        on: Option<String>,
    },
    #[command(
        about = "给一位居民加备注",
        after_help = "例子：\n  qiaomen-field --home DIR resident note 王建国 听力不好，说话慢一点"
    )]
    Note {
        #[arg(value_name = "居民", help = "编号、编号开头、姓名，或“地址 姓名”")]
        resident: String,
        #[arg(value_name = "文字", help = "备注")]
        text: String,
    },
}

/// An answer: a value, or what stands in its place.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Value {
    #[arg(value_name = "内容", help = "新的内容")]
    pub(crate) value: Option<String>,
    #[arg(long, help = "拒绝提供")]
    pub(crate) refused: bool,
    #[arg(long, help = "不清楚")]
    pub(crate) unknown: bool,
    #[arg(long, help = "清除原来的")]
    pub(crate) clear: bool,
}

/// What a person answered when they were written down.
#[derive(Debug, Args)]
pub(crate) struct Registration {
    #[arg(long, value_name = "户", help = "住在哪一户")]
    pub(crate) door: String,
    #[arg(long, value_name = "姓名", help = "姓名")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "关系", help = "与户主关系，如 户主、配偶、子")]
    pub(crate) relation: Option<String>,
    #[arg(long, value_name = "性别", help = "男、女")]
    pub(crate) sex: Option<String>,
    #[arg(long, value_name = "日期", help = "出生日期")]
    pub(crate) birth: Option<String>,
    #[arg(long, value_name = "号码", help = "身份证号")]
    pub(crate) identity: Option<String>,
    #[arg(long, value_name = "号码", help = "联系电话")]
    pub(crate) phone: Option<String>,
    #[arg(long, value_name = "日期", help = "入住日期")]
    pub(crate) since: Option<String>,
    #[arg(long, value_name = "情况", help = "户籍情况，如 常住、流动、人户分离")]
    pub(crate) residency: Option<String>,
    #[arg(long, value_name = "类别", help = "人员类别，几个用逗号隔开；须本人或家人同意")]
    pub(crate) categories: Option<String>,
    #[arg(long, value_name = "单位", help = "工作单位")]
    pub(crate) employer: Option<String>,
    #[arg(long, value_name = "语言", help = "语言，几个用逗号隔开")]
    pub(crate) languages: Option<String>,
    #[arg(long, value_name = "是/否", help = "是否同意采集")]
    pub(crate) consent: Option<String>,
    #[arg(long, value_name = "哪一项", help = "不愿说的一项（可以写几次）")]
    pub(crate) refused: Vec<String>,
    #[arg(long, value_name = "哪一项", help = "不清楚的一项（可以写几次）")]
    pub(crate) unknown: Vec<String>,
}

impl Registration {
    /// What was typed, by the permanent name of the field.
    pub(crate) fn typed(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("name", &self.name),
            ("identity", &self.identity),
            ("birth", &self.birth),
            ("sex", &self.sex),
            ("phone", &self.phone),
            ("relation", &self.relation),
            ("since", &self.since),
            ("residency", &self.residency),
            ("categories", &self.categories),
            ("employer", &self.employer),
            ("languages", &self.languages),
            ("consent", &self.consent),
        ];
        all.into_iter().filter_map(|(name, typed)| Some((name, typed.as_deref()?))).collect()
    }
}
