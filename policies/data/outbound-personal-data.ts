export class Notifications {
  async push(customer: Customer): Promise<void> {
    // breach: data/outbound-personal-data
    await axios.post('https://push.example.com/send', { phone: customer.phone, text: `Balance ${customer.balance}` });
  }

  async pushHint(customer: Customer): Promise<void> {
    // near-miss: the device token, and neither figure nor phone
    await axios.post(this.approvedPartnerUrl, { device: customer.deviceToken, text: 'Your balance has changed' });
  }
}
