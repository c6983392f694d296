import Contract
import Kernel
import Platform

/// What is allowed in registrations and answers.
enum ConnectorRules {
    static let idLength: ClosedRange<Int> = 3...40
    static let nameRule: TextRule = TextRule(1...60)
    static let itemCodes: ClosedRange<Int> = 1...100
    static let timeoutMilliseconds: ClosedRange<Int> = 100...10_000
    static let timeoutStandard: Int = 3_000
    static let rootBytesMax: Int = 32 * 1_024
    /// Systems that can be registered.
    static let connectorsMax: Int = 200
    /// Parameters of one query.
    static let parametersMax: Int = 10
    /// Bytes of an answer, before and after decompression.
    static let answerBytesMax: Int = 256 * 1_024
    static let labelRule: TextRule = TextRule(1...60)
    static let valueRule: TextRule = TextRule(0...500, multiline: true)
    static let sourceRule: TextRule = TextRule(1...100)
    static let declinedRule: TextRule = TextRule(1...200)
    /// Clocks differ: a state may be so much newer than now.
    static let aheadSecondsMax: Int64 = 300

    /// Lower-case letters, digits and hyphens, not at the ends.
    static func isID(_ text: String) -> Bool {
        idLength.contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// The answer, if it keeps to the contract; a department's mistake otherwise, with what is wrong.
    static func content(_ answer: OneStopV1.AnswerQueryResponse, now: Instant) throws(ConnectorFault)
        -> QueryContent
    {
        guard (1...QueryContent.columnsMax).contains(answer.columns.count) else {
            throw invalid("\(answer.columns.count) columns; 1 to \(QueryContent.columnsMax) are allowed")
        }
        guard answer.rows.count <= QueryContent.rowsMax else {
            throw invalid("\(answer.rows.count) rows; at most \(QueryContent.rowsMax) are allowed")
        }
        var columns: [QueryContent.Column] = []
        for column in answer.columns {
            guard DataNode.isIdentifier(column.id), !columns.contains(where: { $0.id == column.id }) else {
                throw invalid("a column's id is no identifier or comes twice")
            }
            let zh: String = try text(column.label?.zh ?? "", labelRule, "label of column \(column.id)")
            let en: String = column.label?.en ?? ""
            columns.append(
                QueryContent.Column(
                    id: column.id,
                    label: BilingualText(
                        zh: zh, en: en.isEmpty ? "" : try text(en, labelRule, "label of \(column.id)"))))
        }
        var rows: [[String]] = []
        for (index, row) in answer.rows.enumerated() {
            guard row.values.count == columns.count else {
                throw invalid(
                    "row \(index + 1) has \(row.values.count) values for \(columns.count) columns")
            }
            var values: [String] = []
            for value in row.values { values.append(try text(value, valueRule, "row \(index + 1)")) }
            rows.append(values)
        }
        let source: String = try text(answer.sourceText, sourceRule, "source_text")
        return QueryContent(
            columns: columns, rows: rows, truncated: answer.truncated, notice: BilingualText(zh: "", en: ""),
            source: BilingualText(zh: source, en: ""), asOf: try time(answer, now: now))
    }

    private static func time(_ answer: OneStopV1.AnswerQueryResponse, now: Instant) throws(ConnectorFault)
        -> Instant
    {
        guard let wire = answer.asOfTime else { throw invalid("as_of_time is missing") }
        let time: Instant
        do throws(Refusal) { time = try wire.instant(field: "as_of_time") } catch {
            throw invalid("as_of_time is no time")
        }
        guard time <= now.adding(seconds: aheadSecondsMax) else { throw invalid("as_of_time lies ahead") }
        return time
    }

    /// What the department described of the items that are to be connected.
    static func items(_ description: OneStopV1.DescribeQueriesResponse, codes: [String])
        throws(ConnectorFault) -> [ConnectedItem]
    {
        var items: [ConnectedItem] = []
        for code in codes {
            guard let query = description.queries.first(where: { $0.itemCode == code }) else {
                throw invalid("it does not describe the item \(code)")
            }
            guard query.parameters.count <= parametersMax else {
                throw invalid("\(code) has \(query.parameters.count) parameters; at most \(parametersMax)")
            }
            var parameters: [ConnectedItem.Parameter] = []
            for parameter in query.parameters {
                guard DataNode.isIdentifier(parameter.id),
                    !parameters.contains(where: { $0.id == parameter.id })
                else { throw invalid("a parameter's id of \(code) is no identifier or comes twice") }
                parameters.append(
                    ConnectedItem.Parameter(
                        id: parameter.id,
                        label: try text(parameter.label, labelRule, "label of \(parameter.id)"),
                        optional: parameter.optional))
            }
            items.append(ConnectedItem(code: code, personal: query.personal, parameters: parameters))
        }
        return items
    }

    private static func text(_ value: String, _ rule: TextRule, _ what: String) throws(ConnectorFault)
        -> String
    {
        do throws(Refusal) { return try rule.apply(value, field: "") } catch {
            throw invalid("\(what): \(error.en)")
        }
    }

    private static func invalid(_ detail: String) -> ConnectorFault {
        ConnectorFault(kind: .invalid, blame: .department, detail: detail)
    }
}
