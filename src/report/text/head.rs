//! Which filing, the verdict in a sentence, and the counts at the end.

use super::Page;
use super::paint::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, counted};
use crate::condition::Language;
use crate::policy::Severity;
use crate::report::fields;
use crate::report::model::{ItemStatus, Report, Verdict};

/// What is counted of a report.
struct Counts {
    errors: usize,
    warnings: usize,
    infos: usize,
    missing: usize,
    deficient: usize,
    conditional: usize,
    provided: usize,
    /// Materials that are not right and would get the filing rejected.
    blocking: usize,
}

fn counts(report: &Report) -> Counts {
    let violations = |wanted: Severity| report.violations.iter().filter(|found| found.severity == wanted.id()).count();
    let items = |wanted: ItemStatus| report.checklist.iter().filter(|item| item.status == wanted).count();
    let blocking = report.checklist.iter().filter(|item| {
        item.severity == Severity::Block.id() && matches!(item.status, ItemStatus::Missing | ItemStatus::Deficient)
    });
    Counts {
        errors: violations(Severity::Block),
        warnings: violations(Severity::Warn),
        infos: violations(Severity::Info),
        missing: items(ItemStatus::Missing),
        deficient: items(ItemStatus::Deficient),
        conditional: items(ItemStatus::Conditional),
        provided: items(ItemStatus::Provided),
        blocking: blocking.count(),
    }
}

impl Page<'_> {
    /// What was checked.
    pub(super) fn head(&mut self, report: &Report, title: &str) {
        let words = &report.filing.words;
        let name = self.options.source.map(|shown| shown.file().name.clone()).unwrap_or_default();
        let title = self.paint.style(BOLD, title);
        self.line(&format!("{title}  {name}"));
        let mut parts: Vec<String> = Vec::new();
        let named = [
            (&words.kind, fields::KIND),
            (&words.province, fields::PROVINCE),
            (&words.provider, fields::PROVIDER),
            (&words.nature, fields::NATURE),
        ];
        for (words, path) in named {
            let derived = report.filing.derived.iter().any(|derived| derived == path);
            let mark = if derived { self.say("（由所填内容判断）", " (derived)") } else { "" };
            parts.extend(words.iter().map(|words| format!("{words}{mark}")));
        }
        parts.extend(self.services(&words.services));
        parts.push(report.filing.as_of.clone());
        self.hang("", DIM, &parts.join(" · "), BOLD);
        let authorities: Vec<String> = report
            .policies
            .iter()
            .filter(|policy| !policy.missing)
            .filter_map(|policy| policy.authority.clone())
            .collect();
        let rules = self.joined(&authorities);
        let rules = self.say(format!("按{rules}的规定核对"), format!("checked against the rules of {rules}"));
        self.hang("", DIM, &rules, DIM);
    }

    /// Kinds of services, each once with how many there are.
    fn services(&self, kinds: &[String]) -> Vec<String> {
        let mut found: Vec<(&String, usize)> = Vec::new();
        for kind in kinds {
            match found.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, count)) => *count += 1,
                None => found.push((kind, 1)),
            }
        }
        let words = |(kind, count): (&String, usize)| if count > 1 { format!("{kind}×{count}") } else { kind.clone() };
        found.into_iter().map(words).collect()
    }

    /// The verdict and what was not looked at.
    pub(super) fn verdict(&mut self, report: &Report) {
        let counts = counts(report);
        let (mark, style) = match report.verdict {
            Verdict::Rejected => ("✗ ", RED),
            Verdict::NeedsInformation => ("? ", YELLOW),
            Verdict::NeedsReview => ("! ", CYAN),
            Verdict::Ready => ("✓ ", GREEN),
        };
        let sentence = match self.options.language {
            Language::Zh => sentence_zh(report, &counts),
            Language::En => sentence_en(report, &counts),
        };
        self.blank();
        self.hang(mark, style, &sentence, style);
        self.gaps(report);
    }

    /// Rules that are not there, or cannot be chosen.
    pub(super) fn gaps(&mut self, report: &Report) {
        let mut gaps = Vec::new();
        for policy in report.policies.iter().filter(|policy| policy.missing) {
            let name = policy.name.as_ref().filter(|name| **name != policy.id);
            let name = name.map(|name| self.say(format!("{name}（{}）", policy.id), format!("{name} ({})", policy.id)));
            let name = name.unwrap_or_else(|| policy.id.clone());
            gaps.push(self.say(
                format!("还没有收录{name}的规定，它们没有核对"),
                format!("there are no policies for {name} yet: its rules were not checked"),
            ));
        }
        if report.filing.province.is_none() {
            gaps.push(self.say(
                "没有写备案省份（filing.province），省级规定没有核对".into(),
                "`filing.province` is not given: no province's rules were checked".into(),
            ));
        }
        if report.filing.provider.is_none() {
            gaps.push(self.say(
                "没有写接入服务商（filing.provider），接入商的规定没有核对".into(),
                "`filing.provider` is not given: no provider's rules were checked".into(),
            ));
        }
        let lead = self.say("  注意: ", "  note: ");
        for gap in gaps {
            self.hang(lead, YELLOW, &gap, super::paint::PLAIN);
        }
    }

    /// The counts, as the last line.
    pub(super) fn summary(&mut self, report: &Report) {
        let c = counts(report);
        let (questions, manual) = (report.questions.len(), report.manual.len());
        let mut parts = Vec::new();
        let materials = c.missing + c.deficient + c.conditional + c.provided;
        if self.is_english() {
            parts.push(counted(c.errors, "error"));
            parts.push(counted(c.warnings, "warning"));
            parts.extend((c.infos > 0).then(|| counted(c.infos, "note")));
            parts.push(format!("{} of {} ready", c.provided, counted(materials, "material")));
            parts.push(counted(questions, "open question"));
            parts.push(counted(manual, "manual check"));
            parts.extend(
                (!report.errors.is_empty()).then(|| format!("{} failed", counted(report.errors.len(), "rule"))),
            );
        } else {
            parts.push(format!("错误 {}", c.errors));
            parts.push(format!("警告 {}", c.warnings));
            parts.extend((c.infos > 0).then(|| format!("提示 {}", c.infos)));
            parts.push(format!("材料已备 {}/{materials}", c.provided));
            parts.push(format!("待补信息 {questions}"));
            parts.push(format!("人工核对 {manual}"));
            parts.extend((!report.errors.is_empty()).then(|| format!("未能核对的规则 {}", report.errors.len())));
        }
        self.blank();
        let lead = self.say("合计: ", "total: ");
        self.hang(lead, BOLD, &parts.join(" · "), BOLD);
    }
}

fn sentence_zh(report: &Report, counts: &Counts) -> String {
    match report.verdict {
        Verdict::Rejected => {
            let mut reasons = Vec::new();
            reasons.extend((counts.errors > 0).then(|| format!("有 {} 处错误要改", counts.errors)));
            reasons.extend((counts.blocking > 0).then(|| format!("有 {} 份必备材料没有备齐", counts.blocking)));
            format!("照此提交会被驳回：{}", reasons.join("，"))
        }
        Verdict::NeedsInformation if report.questions.is_empty() => "现在还不能判断：有规则还定不下来".to_owned(),
        Verdict::NeedsInformation => {
            format!("现在还不能判断：有 {} 项信息没有填，填上才知道能不能通过", report.questions.len())
        }
        Verdict::NeedsReview => {
            let mut left = Vec::new();
            let warned = counts.warnings + counts.missing + counts.deficient;
            left.extend((warned > 0).then(|| format!("{warned} 处提醒")));
            left.extend((counts.conditional > 0).then(|| format!("{} 份视情况才要的材料", counts.conditional)));
            left.extend((!report.questions.is_empty()).then(|| format!("{} 项没有填的信息", report.questions.len())));
            left.extend((!report.manual.is_empty()).then(|| format!("{} 项要人工核对", report.manual.len())));
            left.extend((!report.errors.is_empty()).then(|| format!("{} 条没能核对的规则", report.errors.len())));
            format!("没有发现会被驳回的问题；还剩 {}", left.join("、"))
        }
        Verdict::Ready => "可以提交：没有发现问题，材料齐备".to_owned(),
    }
}

fn sentence_en(report: &Report, counts: &Counts) -> String {
    match report.verdict {
        Verdict::Rejected => {
            let mut reasons = Vec::new();
            reasons.extend((counts.errors > 0).then(|| format!("{} to correct", counted(counts.errors, "error"))));
            let materials = || format!("{} not in order", counted(counts.blocking, "required material"));
            reasons.extend((counts.blocking > 0).then(materials));
            format!("would be rejected as it is: {}", reasons.join(", "))
        }
        Verdict::NeedsInformation if report.questions.is_empty() => {
            "cannot be told yet: some rules are undecided".to_owned()
        }
        Verdict::NeedsInformation => {
            format!("cannot be told yet: {} open", counted(report.questions.len(), "question"))
        }
        Verdict::NeedsReview => {
            let mut left = Vec::new();
            let warned = counts.warnings + counts.missing + counts.deficient;
            left.extend((warned > 0).then(|| counted(warned, "warning")));
            left.extend((counts.conditional > 0).then(|| counted(counts.conditional, "conditional material")));
            left.extend((!report.questions.is_empty()).then(|| counted(report.questions.len(), "open question")));
            left.extend((!report.manual.is_empty()).then(|| counted(report.manual.len(), "manual check")));
            left.extend(
                (!report.errors.is_empty()).then(|| format!("{} failed", counted(report.errors.len(), "rule"))),
            );
            format!("nothing found that would get it rejected; left: {}", left.join(", "))
        }
        Verdict::Ready => "ready: nothing found, all materials there".to_owned(),
    }
}
