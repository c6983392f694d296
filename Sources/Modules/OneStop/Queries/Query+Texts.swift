import Kernel
import Platform

/// What people read about queries.
enum QueryTexts {
    /// Answers calls for all departments.
    static let hotline: String = "12345"

    // MARK: Asking

    static func notConnectedText(_ item: StoredItem) -> BilingualText {
        // What the product shows by itself is not looked up: the catalogue's note says where it is.
        guard item.content.note.isEmpty else {
            return BilingualText(
                zh: "「\(item.content.name)」不在这里查：\(item.content.note)。",
                en: "This is not looked up here: \(item.content.note).")
        }
        return BilingualText(
            zh: "「\(item.content.name)」的数据还没有接入。请问\(item.content.department)，或打 \(hotline)。",
            en:
                "No source is connected for this query yet. Ask \(item.content.department), or call \(hotline)."
        )
    }

    static func notConnected(_ item: StoredItem) -> Refusal {
        let text: BilingualText = notConnectedText(item)
        return .wrongState(
            reason: "SOURCE_NOT_CONNECTED", zh: text.zh, en: text.en,
            metadata: ["department": item.content.department, "phone": hotline])
    }

    static func unavailable(_ item: StoredItem, _ fault: ConnectorFault) -> Refusal {
        .unavailable(
            reason: "SOURCE_UNAVAILABLE",
            zh: "\(item.content.department)的系统现在没有回应。请过几分钟再查，或打 \(hotline)。",
            en:
                "The system of \(item.content.department) does not answer now. Try again in a few minutes, or call "
                + "\(hotline).",
            metadata: [
                "department": item.content.department, "phone": hotline, "blame": fault.blame.rawValue,
                "fault": fault.kind.rawValue, "retryAfterSeconds": String(fault.retrySeconds),
            ])
    }

    static func declined(_ item: StoredItem, _ words: String) -> Refusal {
        .wrongState(
            reason: "SOURCE_DECLINED", zh: "\(item.content.department)答复：\(words)",
            en: "\(item.content.department) says: \(words)", metadata: ["department": item.content.department]
        )
    }

    static let notQuery: Refusal = .invalid(
        field: "item", reason: "ITEM_NOT_QUERY", zh: "这是办理事项，不能查询。请选查询事项。",
        en: "This item is applied for and cannot be looked up. Choose a query item.")

    static let onlyResidents: Refusal = .permissionDenied(
        reason: "QUERY_PERSONAL", zh: "这是个人信息，只能由本人登录后查询，或由本人授权的人查询。",
        en: "This is about a person: only the person, or somebody with a mandate, may ask.")

    static func levelTooLow(needed: Int, has: Int) -> Refusal {
        .permissionDenied(
            reason: "IDENTITY_LEVEL_TOO_LOW",
            zh: needed >= 3 ? "请先到服务窗口完成身份确认，再查询。" : "请先完成实名核验，再查询。",
            en: needed >= 3
                ? "Have your identity confirmed at a counter first." : "Verify your identity first.",
            metadata: ["requiredLevel": String(needed), "level": String(has)])
    }

    static let idNumberMissing: Refusal = .wrongState(
        reason: "ID_NUMBER_MISSING", zh: "还没有核验过身份证号码，请先完成实名核验。",
        en: "The ID number was not verified yet. Do that first.")

    static let onlyAgents: Refusal = .permissionDenied(
        reason: "QUERY_AGENT_ROLE", zh: "只有窗口人员、网格长和网格员可以凭委托代查。请本人登录查询，或请窗口帮忙。",
        en:
            "Only counters, grid leaders and grid workers look up by mandate. The person can ask alone, or at a counter."
    )

    static let mandateUseless: Refusal = .invalid(
        field: "mandate", reason: "MANDATE_NOT_NEEDED", zh: "这项查询不涉及个人信息，不需要授权。",
        en: "This query is about nobody and needs no mandate.")

    static func parameterUnknown(_ id: String) -> Refusal {
        .invalid(
            field: "parameters", reason: "QUERY_PARAMETER_UNKNOWN", zh: "这项查询没有“\(id)”这一问。",
            en: "This query has no parameter '\(id)'.", metadata: ["parameter": id])
    }

    static func parameterTwice(_ id: String) -> Refusal {
        .invalid(
            field: "parameters", reason: "QUERY_PARAMETER_TWICE", zh: "“\(id)”只能答一次。",
            en: "'\(id)' may be answered once.", metadata: ["parameter": id])
    }

    static func parameterMissing(_ label: BilingualText, id: String) -> FieldViolation {
        FieldViolation(
            field: "parameters.\(id)", reason: "QUERY_PARAMETER_MISSING", zh: "请填写“\(label.zh)”。",
            en: "Give '\(label.en.isEmpty ? label.zh : label.en)'.")
    }

    static func parameterWrong(_ label: BilingualText, id: String) -> FieldViolation {
        FieldViolation(
            field: "parameters.\(id)", reason: "QUERY_PARAMETER_INVALID",
            zh: "“\(label.zh)”不对，请重新选择或填写。",
            en: "'\(label.en.isEmpty ? label.zh : label.en)' is not right. Choose or write it again.")
    }

    static let receiptNotFound: Refusal = .notFound(
        reason: "QUERY_RECEIPT_NOT_FOUND", zh: "没有这个回执号，请逐位核对。",
        en: "There is no receipt with this number. Compare it digit by digit.")

    // MARK: Sources

    static func source(_ set: StoredDataSet) -> BilingualText {
        let madeUp: (zh: String, en: String) =
            set.schema.synthetic ? ("（演示数据，不是真的）", " (made up for demonstration)") : ("", "")
        let name: BilingualText = set.schema.source
        return BilingualText(
            zh: "\(name.zh)\(madeUp.zh)", en: "\(name.en.isEmpty ? name.zh : name.en)\(madeUp.en)")
    }

    static func connected(_ record: ConnectorRecord) -> BilingualText {
        BilingualText(
            zh: "由「\(record.displayName)」的系统当场回答",
            en: "answered on the spot by the system \(record.displayName)")
    }

    static let nothingFound: BilingualText = BilingualText(
        zh: "没有查到。可以换个说法再查，或打 \(hotline)。",
        en: "Nothing was found. Ask in other words, or call \(hotline).")

    static let nothingAboutYou: BilingualText = BilingualText(
        zh: "没有查到记录。如果您认为有误，请打 \(hotline)。",
        en: "There is no record. If you think that is wrong, call \(hotline).")

    /// What the resident reads in the list of who looked at the data.
    static func lookPurpose(_ item: StoredItem) -> String { "受托查询：\(item.content.name)" }

    // MARK: Data sets

    static let fileTooLong: DataProblem = DataProblem(
        line: nil, element: "", zh: "文件超过\(DataSetFile.bytesMax)字节，请分成几个数据集。",
        en: "The file is longer than \(DataSetFile.bytesMax) bytes. Split it into several data sets.")

    static let tooManyRows: DataProblem = DataProblem(
        line: nil, element: "", zh: "超过\(DataSetFile.rowsMax)行，请分成几个数据集。",
        en: "There are more than \(DataSetFile.rowsMax) rows. Split them into several data sets.")

    static let asOfInFuture: DataProblem = DataProblem(
        line: nil, element: "as_of_time", zh: "数据时间在将来，请核对。", en: "The time of the data lies ahead. Check it."
    )

    static let asOfMissing: Refusal = .invalid(
        field: "as_of_time", reason: "AS_OF_TIME_MISSING", zh: "请写明数据截至什么时候。",
        en: "Say which state the rows show.")

    static let syntheticRefused: DataProblem = DataProblem(
        line: nil, element: "synthetic", zh: "演示数据不能导入正式系统。",
        en: "Made-up rows cannot be imported outside of a demonstration.")

    static func itemUnknown(_ code: String) -> DataProblem {
        DataProblem(
            line: nil, element: "items.\(code)", zh: "目录里没有编码为“\(code)”的查询事项。",
            en: "The catalogue has no query item with the code '\(code)'.")
    }

    static func itemTaken(_ code: String, by set: String) -> DataProblem {
        DataProblem(
            line: nil, element: "items.\(code)", zh: "“\(code)”已由数据集“\(set)”回答，一项只能有一个。",
            en: "'\(code)' is answered by the data set '\(set)' already; an item has one.")
    }

    static func placeUnknown(_ text: String, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "", zh: "找不到地方“\(text)”，或有几个同名的：请写区划编码。",
            en: "There is no place '\(text)', or several have the name: write its code.")
    }

    static func tooManyChoices(_ parameter: String, _ count: Int) -> DataProblem {
        DataProblem(
            line: nil, element: "parameters.\(parameter)",
            zh: "有\(count)个不同的值，最多\(DataSetSchema.choicesMax)个才能选择：请去掉choose，让人填写。",
            en:
                "There are \(count) values; people choose from at most \(DataSetSchema.choicesMax). Remove choose."
        )
    }

    static func valueMissing(_ column: DataSetSchema.Column) -> Refusal {
        .invalid(
            field: column.id, reason: "VALUE_MISSING", zh: "“\(column.label.zh)”不能空着；可以空的列请写optional。",
            en: "A value is missing. Say optional in the schema if it may.")
    }

    static func valueWrong(_ column: DataSetSchema.Column, zh: String, en: String) -> Refusal {
        .invalid(
            field: column.id, reason: "VALUE_INVALID", zh: "“\(column.label.zh)”\(zh)。",
            en: "Here belongs \(en).")
    }
}
