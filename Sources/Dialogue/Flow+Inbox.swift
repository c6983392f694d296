internal import Kernel

// Messages to the person.

extension Turn {
    mutating func showInbox(_ messages: [InboxView], unread: Int, next: String) {
        var list = ListFrame(title: t(Text("我的消息", "My messages")))
        list.items = messages.map { message in
            let detail = detail(message)
            return message.isRead
                ? .init(label: t(message.title), action: .show(detail))
                : .init(label: newMark + t(message.title), action: .read(detail, name: message.name))
        }
        if list.items.isEmpty { list.text = [t(Text("还没有消息。", "There are no messages yet."))] }
        if unread > 0 { list.text = [t(Text("\(unread) 条没看过。", "\(unread) unread."))] }
        let names = messages.filter { !$0.isRead }.map(\.name)
        if names.count > 1 {
            list.items.append(
                .init(
                    label: t(Text("全部标为已读", "Mark all as read")),
                    action: .call(.markRead(names: names, requestID: moment.freshID))))
        }
        list.nextPage = next.isEmpty ? nil : .inbox(page: next)
        showOrAppend(list)
    }

    private var newMark: String { t(Text("[新] ", "[new] ")) }

    private func detail(_ message: InboxView) -> ListFrame {
        var detail = ListFrame(title: t(message.title), text: [time(message.createdAt), t(message.body)])
        let (label, request): (String, Request)
        switch message.subject {
        case .report(let number):
            (label, request) = (t(Text("看这份报告 ", "See report ")) + number, .report(number: number))
        case .application(let name):
            (label, request) = (t(Text("看这个办件", "See the application")), .oneStop(.application(name: name)))
        case .certificate(let name):
            (label, request) = (t(Text("看这份证明", "See the certificate")), .oneStop(.certificate(name: name)))
        case nil: return detail
        }
        detail.items = [.init(label: label, action: .callSignedIn(request))]
        return detail
    }

    mutating func read(_ message: ListFrame, _ name: String) {
        push(.list(message))
        call(.markRead(names: [name], requestID: moment.freshID))
    }

    /// One message was read where it stands; after "all" the list is asked for anew.
    mutating func receivedMarked(_ request: Request) {
        guard case .markRead(let names, _) = request, names.count == 1 else {
            pop()
            return call(.inbox(page: ""))
        }
        for (position, frame) in state.frames.enumerated() {
            guard case .list(var list) = frame else { continue }
            for (index, item) in list.items.enumerated() {
                guard case .read(let detail, names[0]) = item.action else { continue }
                list.items[index] = .init(
                    label: String(item.label.dropFirst(newMark.count)), action: .show(detail))
                list.text = []
            }
            state.frames[position] = .list(list)
        }
    }
}
