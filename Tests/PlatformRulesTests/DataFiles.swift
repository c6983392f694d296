import Foundation
import Kernel

@testable import Platform

/// The data files of the product, as they are shipped.
enum DataFiles {
    static func text(_ path: String, file: StaticString = #filePath) throws -> String {
        let root: URL = URL(filePath: String(describing: file))
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "ops/data/\(path)"), encoding: .utf8)
    }

    static func caseWorkflow() throws -> WorkflowDefinition {
        try WorkflowDefinition(yaml: text("workflows/case.yaml"))
    }

    static func calendar() throws -> WorkCalendar {
        WorkCalendar(years: [try WorkYear(yaml: text("calendar/2026.yaml"))])
    }
}

/// `2026-10-01 08:30` in Asia/Shanghai; `24:00` is the midnight that ends the day.
func at(_ text: String) -> Instant {
    let parts: [Substring] = text.split(separator: " ")
    let clock: [Int] = parts.count == 2 ? parts[1].split(separator: ":").compactMap { Int($0) } : []
    guard clock.count == 2, let date = CivilDate(String(parts[0])) else { fatalError("no time: \(text)") }
    return Instant(startOf: date).adding(minutes: Int64(clock[0] * 60 + clock[1]))
}
