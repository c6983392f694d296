import Kernel
import Platform

/// What people read about bundles.
enum BundleTexts {
    static let notFound: Refusal = .notFound(
        reason: "BUNDLE_NOT_FOUND", zh: "没有找到这个“一件事”，请重新选择。", en: "There is no such bundle. Choose again.")

    static let caseNotFound: Refusal = .notFound(
        reason: "BUNDLE_CASE_NOT_FOUND", zh: "没有找到这个“一件事”办件，或者您不能看。",
        en: "There is no such bundle case, or it is not yours to see.")

    static func partUnknown(_ item: String) -> Refusal {
        .invalid(
            field: "optional_items", reason: "BUNDLE_PART_UNKNOWN", zh: "\(item)不是这件事里可选的事项。",
            en: "\(item) is no part of the bundle that can be chosen.")
    }

    static func partNeeded(_ missing: String, for item: String) -> Refusal {
        .invalid(
            field: "optional_items", reason: "BUNDLE_PART_NEEDED", zh: "要办\(item)，先要选上\(missing)。",
            en: "\(item) needs \(missing): choose it too.")
    }

    static func itemMissing(_ item: String) -> Refusal {
        .wrongState(
            reason: "BUNDLE_ITEM_MISSING", zh: "这件事里的事项\(item)现在不能办，请到窗口咨询或单独申请其他事项。",
            en: "The item \(item) of the bundle cannot be applied for now. Ask at a counter.")
    }

    /// How far a case is: what failed and what waits for it stands first.
    static func summary(_ parts: [ApplicationRecord]) -> BilingualText {
        func names(_ records: [ApplicationRecord]) -> String {
            records.map(\.itemText).joined(separator: "、")
        }
        let granted: [ApplicationRecord] = parts.filter { $0.details.decision?.granted == true }
        let dropped: [ApplicationRecord] = parts.filter {
            $0.state == .withdrawn && !$0.details.blockedBy.isEmpty
        }
        let failed: [ApplicationRecord] = parts.filter { record in
            BundleRules.hasFailed(record) && !dropped.contains { $0.id == record.id }
        }
        let waiting: [ApplicationRecord] = parts.filter { $0.state == .waiting }
        var zh: String = "共\(parts.count)项，办成\(granted.count)项。"
        var en: String = "\(granted.count) of \(parts.count) parts were granted."
        if !failed.isEmpty {
            zh += "没有办成：\(names(failed))。"
            en += " Not granted: \(names(failed))."
        }
        if !dropped.isEmpty {
            zh += "因此没有提交：\(names(dropped))。"
            en += " Not handed in because of that: \(names(dropped))."
        }
        if !waiting.isEmpty {
            zh += "等前面的事项办成后自动提交：\(names(waiting))。"
            en += " Handed in by itself once the parts before are granted: \(names(waiting))."
        }
        return BilingualText(zh: zh, en: en)
    }
}
