import Contract
import Kernel
import Platform
import RPC

/// Values of the contract, made of what the desk says.
enum ReportWire {
    static func message(_ item: DeskCase) -> ResidentServicesV1.Report {
        var message: ResidentServicesV1.Report = ResidentServicesV1.Report()
        message.name = ReportRules.name(ofNumber: item.number)
        message.number = item.number
        message.category = item.category
        message.categoryText = text(item.categoryText)
        message.description = item.description
        message.gridText = item.gridText
        message.place = item.place
        message.state = item.state
        message.stateText = text(ReportTexts.state(item.state))
        message.nextOwner = text(item.nextOwner)
        message.deadline = item.deadline.map(deadline)
        message.events = item.events.suffix(ReportRules.maximumEvents).map { event in
            ResidentServicesV1.ReportEvent(
                time: GoogleProtobuf.Timestamp(event.time), text: text(event.text), note: event.note)
        }
        message.result = item.result
        message.rating = Int32(item.rating)
        message.canRate = item.canRate
        message.canReopen = item.canReopen
        message.reopenUntil = item.reopenUntil.map { GoogleProtobuf.Timestamp($0) }
        message.createTime = GoogleProtobuf.Timestamp(item.createTime)
        message.photos = item.photos
        message.etag = Etag(version: item.version).description
        message.responsibleBody = item.responsibleBody
        return message
    }

    static func category(_ category: DeskCategory) -> ResidentServicesV1.ReportCategory {
        var message: ResidentServicesV1.ReportCategory = ResidentServicesV1.ReportCategory()
        message.id = category.id
        message.label = text(category.label)
        message.hint = text(category.hint)
        message.stopQuestion = category.stopQuestion.map(text)
        message.stopAdvice = category.stopAdvice.map(text)
        message.stopPhone = category.stopPhone
        message.keywords = category.keywords
        return message
    }

    static func text(_ text: DeskText) -> PlatformV1.Text { PlatformV1.Text(zh: text.zh, en: text.en) }

    private static func deadline(_ deadline: DeskDeadline) -> PlatformV1.Deadline {
        let card: PlatformV1.DeadlineCard =
            switch deadline.card {
            case .green: .green
            case .yellow: .yellow
            case .red: .red
            }
        return PlatformV1.Deadline(
            dueTime: GoogleProtobuf.Timestamp(deadline.due),
            remainingWorkingMinutes: Int32(clamping: deadline.remainingWorkingMinutes), card: card,
            paused: deadline.pauseReason != nil, pauseReason: deadline.pauseReason ?? "",
            provisional: deadline.isProvisional)
    }
}
