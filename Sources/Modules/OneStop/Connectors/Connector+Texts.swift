import Kernel

/// What operators read about departments' systems.
enum ConnectorTexts {
    static let notFound: Refusal = .notFound(
        reason: "CONNECTOR_NOT_FOUND", zh: "没有这个部门系统，请看列表。",
        en: "There is no such connector. See the list.")

    static let idInvalid: Refusal = .invalid(
        field: "id", reason: "CONNECTOR_ID_INVALID", zh: "编号应为3至40个小写字母、数字或连字符。",
        en: "The id must be 3 to 40 of a-z, 0-9 and hyphen.")

    static let addressInvalid: Refusal = .invalid(
        field: "address", reason: "ADDRESS_INVALID", zh: "地址应写作“主机:端口”。",
        en: "The address must be written host:port.")

    static func addressNotAllowed(_ address: ConnectorAddress) -> Refusal {
        .invalid(
            field: "address", reason: "ADDRESS_NOT_ALLOWED",
            zh: "配置不允许连接 \(address)。请在 linlid.yaml 的 connector-addresses 里加上它，再重启。",
            en:
                "The configuration does not allow \(address). Add it to connector-addresses in linlid.yaml, and start "
                + "the server again.", metadata: ["address": address.description])
    }

    static let timeoutRange: Refusal = .invalid(
        field: "timeout_milliseconds", reason: "TIMEOUT_RANGE", zh: "时限应为100至10000毫秒。",
        en: "The time must be 100 to 10,000 milliseconds.")

    static let itemCodes: Refusal = .invalid(
        field: "item_codes", reason: "ITEM_CODES_INVALID",
        zh: "应有\(ConnectorRules.itemCodes.lowerBound)至\(ConnectorRules.itemCodes.upperBound)个不同的事项编码。",
        en: "There must be 1 to \(ConnectorRules.itemCodes.upperBound) different item codes.")

    static let rootInvalid: Refusal = .invalid(
        field: "root_pem", reason: "ROOT_INVALID", zh: "根证书不是有效的PEM。",
        en: "The root certificate is no valid PEM.")

    static func itemUnknown(_ code: String) -> Refusal {
        .invalid(
            field: "item_codes", reason: "ITEM_NOT_FOUND", zh: "目录里没有编码为“\(code)”的查询事项。",
            en: "The catalogue has no query item with the code '\(code)'.", metadata: ["code": code])
    }

    static func itemTaken(_ code: String, by owner: ConnectorRecord) -> Refusal {
        .alreadyExists(
            reason: "ITEM_CONNECTED", zh: "“\(code)”已由「\(owner.displayName)」（\(owner.id)）回答，请先移除。",
            en: "'\(code)' is answered by the connector \(owner.id) already. Remove that first.",
            metadata: ["code": code, "connector": owner.id])
    }

    static let tooMany: Refusal = .wrongState(
        reason: "TOO_MANY_CONNECTORS", zh: "最多\(ConnectorRules.connectorsMax)个部门系统，请先移除不用的。",
        en: "There are \(ConnectorRules.connectorsMax) connectors already. Remove what is not used.")

    /// Why a system that is being registered was not connected, with whose side it was.
    static func notConnected(_ record: ConnectorRecord, _ fault: ConnectorFault) -> Refusal {
        .unavailable(
            reason: "CONNECTOR_UNUSABLE", zh: "没有接上 \(record.address)：\(advice(fault).zh)〔\(fault.line)〕",
            en: "\(record.address) was not connected: \(advice(fault).en) [\(fault.line)]",
            metadata: [
                "blame": fault.blame.rawValue, "fault": fault.kind.rawValue, "detail": fault.detail,
            ])
    }

    private static func advice(_ fault: ConnectorFault) -> (zh: String, en: String) {
        switch fault.kind {
        case .unreachable:
            (
                "连不上，或证书对不上。请核对地址、端口、防火墙，和它的证书是否出自登记的根证书。",
                "it cannot be reached, or its certificate does not come from the registered root."
            )
        case .lost: ("连接中断。请看部门系统的日志。", "the connection broke. See the department's log.")
        case .tooSlow: ("没有在时限内回答。请部门检查系统，或放宽时限。", "it did not answer in time.")
        case .refusedUs:
            ("它不接受我们的证书。请把本系统的根证书交给部门。", "it does not accept our certificate: give the department our root.")
        case .invalid, .tooLarge:
            ("它的回答不符合接口约定。请部门对照 proto/ 修改。", "its answer does not follow proto/.")
        case .failed: ("它回答了错误。请部门看日志。", "it answered with an error. See the department's log.")
        case .notAllowed, .ownCertificate:
            ("本系统的配置或证书有问题。", "this server's configuration or certificate is at fault.")
        case .circuitOpen, .busy: ("它刚才一直出错，请稍后再试。", "it failed just now; try again later.")
        }
    }
}
