import Contract
import Kernel
import Platform

extension QuerySource {
    var state: OneStopV1.QuerySourceState {
        switch self {
        case .none: .notConnected
        case .dataSet: .dataSet
        case .connector: .connector
        }
    }

    /// The query as people see it before they ask.
    func message(of item: StoredItem) -> OneStopV1.Query {
        OneStopV1.Query(
            item: "items/\(item.id)", title: item.content.name, department: item.content.department,
            parameters: QueryQuestion.of(self, code: item.content.code).map(\.message),
            personal: isPersonal, sourceState: state, sourceText: .init(text(of: item)),
            identityLevel: Int32(clamping: identityLevel), asOfTime: asOf.map { .init($0) })
    }

    private func text(of item: StoredItem) -> BilingualText {
        switch self {
        case .none: return QueryTexts.notConnectedText(item)
        case .connector(let record, _): return QueryTexts.connected(record)
        case .dataSet(let set): return QueryTexts.source(set)
        }
    }

    private var asOf: Instant? {
        if case .dataSet(let set) = self { set.asOf } else { nil }
    }
}

extension QueryContent {
    /// The answer with its receipt. An answer without rows says what to do.
    ///
    /// - Parameter subject: nil for public answers.
    func message(_ receipt: QueryReceipt, salt: [UInt8], subject: QuerySubject?) -> OneStopV1.QueryAnswer {
        let empty: BilingualText = subject == nil ? QueryTexts.nothingFound : QueryTexts.nothingAboutYou
        let notice: BilingualText = rows.isEmpty ? empty : notice
        return OneStopV1.QueryAnswer(
            columns: columns.map { .init(id: $0.id, label: .init($0.label)) },
            rows: rows.map { .init(values: $0) }, truncated: truncated,
            notice: notice.zh.isEmpty ? nil : .init(notice), sourceText: source.zh,
            asOfTime: .init(asOf), receipt: receipt.message, salt: salt,
            subjectText: subject.map { FullName(stored: $0.fullName).masked } ?? "",
            mandate: subject?.mandate?.name ?? "")
    }
}

extension QueryReceipt {
    var message: OneStopV1.QueryReceipt {
        OneStopV1.QueryReceipt(
            number: spacedNumber, item: item, itemText: itemText, sourceText: sourceText,
            asOfTime: .init(asOf),
            answerTime: .init(answerTime), requestHash: requestHash, answerHash: answerHash,
            signedText: signedText)
    }
}

extension StoredDataSet {
    /// The set on the wire.
    ///
    /// - Parameter ids: of its items, by their codes.
    func message(items ids: [String]) -> OneStopV1.DataSet {
        OneStopV1.DataSet(
            name: "dataSets/\(schema.id)", items: ids.map { "items/\($0)" }, sourceText: schema.source.zh,
            rows: Int32(clamping: rows), asOfTime: .init(asOf), importTime: .init(importTime),
            synthetic: schema.synthetic)
    }
}
