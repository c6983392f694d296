internal import Kernel

// Messages to the person.

extension Turn {
    mutating func showInbox(_ messages: [InboxView], unread: Int, next: String) {
        var list = ListFrame(title: t(Text("我的消息（\(unread) 条未读）", "My messages (\(unread) unread)")))
        list.items = messages.map { message in
            let mark = message.isRead ? "" : t(Text("[新] ", "[new] "))
            return .init(label: mark + t(message.title), action: .show(detail(message)))
        }
        if list.items.isEmpty { list.text = [t(Text("还没有消息。", "There are no messages yet."))] }
        let names = messages.filter { !$0.isRead }.map(\.name)
        if !names.isEmpty {
            list.items.append(
                .init(
                    label: t(Text("全部标为已读", "Mark all as read")),
                    action: .call(.markRead(names: names, requestID: moment.freshID))))
        }
        list.nextPage = next.isEmpty ? nil : .inbox(page: next)
        showOrAppend(list)
    }

    private func detail(_ message: InboxView) -> ListFrame {
        var detail = ListFrame(title: t(message.title), text: [time(message.createdAt), t(message.body)])
        if !message.reportNumber.isEmpty {
            detail.items = [
                .init(
                    label: t(Text("看这份报告 ", "See report ")) + message.reportNumber,
                    action: .callSignedIn(.report(number: message.reportNumber)))
            ]
        }
        return detail
    }

    mutating func receivedMarked() {
        pop()
        call(.inbox(page: ""))
    }
}
