package import Kernel

/// One thing that is wrong with a data file, for the person who wrote the file: where it is and what to do.
package struct DataProblem: Sendable, Hashable, CustomStringConvertible {
    /// Line in the file, counted from 1; nil where the problem has no single place.
    package var line: Int?
    /// The element, such as `actions.dispatch.roles`; empty for the file as a whole.
    package var element: String
    package var text: BilingualText

    package init(line: Int?, element: String, zh: String, en: String) {
        self.line = line
        self.element = element
        self.text = BilingualText(zh: zh, en: en)
    }

    /// `line 12, actions.dispatch.roles: …` in English, for logs and developers.
    package var description: String { message(in: .english) }

    /// One line for people: place, then what is wrong and what to do.
    package func message(in language: Language) -> String {
        var place: [String] = []
        if let line { place.append(language == .chinese ? "第\(line)行" : "line \(line)") }
        if !element.isEmpty { place.append(element) }
        let separator: String = language == .chinese ? "，" : ", "
        let colon: String = language == .chinese ? "：" : ": "
        let prefix: String = place.isEmpty ? "" : place.joined(separator: separator) + colon
        return prefix + text.text(in: language)
    }
}

extension [DataProblem] {
    /// At most `DataDocument.maximumProblems`; if there are more, the last one says how many are left out.
    package var shown: [DataProblem] {
        let most: Int = DataDocument.maximumProblems
        guard count > most else { return self }
        let left: Int = count - most + 1
        return prefix(most - 1) + [
            DataProblem(
                line: nil, element: "", zh: "还有\(left)处没有列出。", en: "\(left) more places are not listed.")
        ]
    }
}

/// A data file that cannot be used, with all its problems, so that they can be mended in one go.
package struct DataFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In order of their lines; never empty, at most `DataDocument.maximumProblems`.
    package var problems: [DataProblem]

    package init(problems: [DataProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }

    /// The same for whoever sent the file by RPC: one field violation for each problem.
    package var refusal: Refusal {
        let fields: [FieldViolation] = problems.map { problem in
            FieldViolation(
                field: problem.element.isEmpty ? "yaml" : "yaml.\(problem.element)",
                reason: "DATA_FILE_INVALID",
                zh: problem.message(in: .chinese), en: problem.message(in: .english))
        }
        return Refusal(
            kind: .invalidArgument, reason: "DATA_FILE_INVALID",
            zh: "数据文件有\(problems.count)处错误，未导入。" + (problems.first?.message(in: .chinese) ?? ""),
            en: "The file was not imported: \(problems.count) problems. "
                + (problems.first?.description ?? ""),
            metadata: ["problemCount": String(problems.count)], fields: fields)
    }
}
