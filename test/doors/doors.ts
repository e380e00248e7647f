import type { CoreEvents, CoreHooks } from '@bitcartcc/sdk/server'
import type { AdminSlots, StoreSlots } from '@bitcartcc/sdk/slots'

/** A place of ours, by its kind; a name that is none is a type error. */
export type Ours =
  | { readonly event: keyof CoreEvents }
  | { readonly hook: keyof CoreHooks }
  | { readonly slot: keyof AdminSlots | keyof StoreSlots }
  | { readonly point: string }

/** One door of Bitcart's for plugins, and what became of it. */
export interface Door {
  readonly name: string
  readonly status: 'here' | 'later' | 'never'
  /** What a plugin uses instead; every door that is here names one. */
  readonly ours?: Ours
  readonly why: string
}

const event = (name: keyof CoreEvents): Ours => ({ event: name })
const hook = (name: keyof CoreHooks): Ours => ({ hook: name })
const slot = (name: keyof AdminSlots | keyof StoreSlots): Ours => ({ slot: name })
const point = (name: string): Ours => ({ point: name })

const here = (name: string, ours: Ours, why = ''): Door => ({ name, status: 'here', ours, why })
const later = (why: string, ...names: readonly string[]): readonly Door[] =>
  names.map((name) => ({ name, status: 'later', why }))
const never = (why: string, ...names: readonly string[]): readonly Door[] =>
  names.map((name) => ({ name, status: 'never', why }))

const payout = 'payouts are a plugin’s, which brings its own events'
const host =
  'nobody builds, updates or restarts the host from inside: an operator does, with compose'
const signIn =
  'core tells nobody what people type to sign in; a plugin that needs it brings its own page'
const checkoutSlots =
  'the checkout of a payment method is its own component; more places when a plugin needs one'
const policies = 'policies are settings, which plugins declare and the admin shows'
const layout = 'no plugin has asked for this place of the page yet'

/** The hooks, filters, slots and dictionaries of bitcart 0.10.3, in the order of its own code. */
export const doors: Readonly<Record<string, readonly Door[]>> = {
  'Hooks of the server: be told': [
    here('db_create_product', event('product.created'), 'of every product, imported ones too'),
    ...later(
      '`product.changed` is emitted, and nothing that we ship listens to it yet',
      'db_modify_product',
    ),
    here('db_delete_product', event('product.deleted')),
    here('db_create_invoice', event('invoice.created')),
    ...later(
      'an event when a plugin needs it; the list of changes tells who did it',
      'db_create, db_modify, db_delete of stores, users, tokens and files',
    ),
    ...never(
      'wallets, discounts, notifications, templates and payouts are nouns of plugins, which emit their own events',
      'db_create, db_modify, db_delete of other nouns',
    ),
    here(
      'invoice_status',
      event('invoice.paid'),
      'one event for each state instead of one for all',
    ),
    here('invoice_complete', event('invoice.complete')),
    here(
      'invoice_email',
      point('notify.channels'),
      '`send` gets what core worded, for a buyer as for the merchant',
    ),
    ...later(
      'an event when a plugin needs it',
      'invoice_payment_address_set',
      'invoice_customer_update',
    ),
    here('invoice_expired', event('invoice.expired')),
    here('new_payment', event('payment.recorded')),
    ...never(
      'a payment method looks for its own payments, as often as core asks it to',
      'new_block',
      'check_pending',
    ),
    ...never(payout, 'payout_status'),
    ...later('a webhook is told by core itself', 'send_ipn'),
    ...never('wallets belong to plugins', 'wallet_synced'),
    ...later(
      'an event when a plugin needs it',
      'first_store',
      'first_user',
      'user_created',
      'token_created',
      'password_changed',
    ),
    ...never(
      'core sends no mail with codes: users are made by users',
      'password_reset_requested',
      'verify_email_requested',
    ),
    ...never(signIn, 'permission_denied', 'permission_granted', 'captcha_failed', 'captcha_passed'),
    ...never(
      'a backup is taken of a shop that stands still',
      'pre_backup',
      'post_backup',
      'restore_backup',
    ),
    ...never(
      host,
      'server_restart',
      'plugin_reload',
      'server_cleanup_images',
      'server_update',
      'configurator_server_settings',
      'pre_deploy',
      'post_deploy',
    ),
    ...never(
      'there is no daemon beside the shop: a method that fails says so beside its account',
      'failed_daemons_health_check',
    ),
    ...never('there is no marketplace inside', 'license_changed'),
    ...later(
      'settings are read at each use, so nothing has to be told',
      'settings_changed:<plugin>',
    ),
  ],
  'Filters of the server: change a value': [
    here('get_cryptos', point('payment.methods'), 'what is selected is what there is'),
    here('get_coin', point('payment.methods')),
    ...later(
      'a method says its own links in the text of its checkout',
      'get_coin_explorer',
      'get_default_explorer',
    ),
    ...never('a method keeps its server’s address in its account', 'get_default_rpc'),
    here('get_rate', point('rates.providers')),
    ...later(
      'currencies are those of the platform’s own list, and any code of 3 to 5 letters',
      'get_currencies',
      'get_fiatlist',
    ),
    ...never('tokens are a plugin’s', 'get_tokens', 'get_tokens_abi'),
    here(
      'get_divisibility',
      point('payment.methods'),
      'a demand is an exact text with the digits it has',
    ),
    here('get_wallet_symbol', point('payment.methods')),
    here(
      'pre_create_payment_method',
      hook('checkout.starting'),
      'refuses an order, or sends it another way',
    ),
    here('create_payment_method', point('payment.methods'), '`demand`'),
    here('get_request', point('payment.methods'), '`look`, or `core.payments.report`'),
    ...later('a demand is made once and kept', 'post_create_payment_method'),
    here(
      'email_notification_text',
      point('templates'),
      'core’s own texts, too, in words of each store',
    ),
    ...later('an event when a plugin needs it', 'refund_customer_text'),
    ...later('the message of a webhook is the event’s payload', 'ipn_data'),
    ...later('lists take text, store, state, category and metadata', 'search_query'),
    ...never(policies, 'get_global_policies'),
    ...never(host, 'update_latest_tag', 'tor_services'),
  ],
  'Slots of the admin': [
    ...later(
      layout,
      'app',
      'base_header',
      'base_footer',
      'header',
      'mobile_nav',
      'app_bar',
      'footer',
    ),
    here(
      'server_management_nav',
      point('admin.pages'),
      'a page has its own entry in the menu, with its permission',
    ),
    ...later(layout, 'profile_nav', 'profile_extra'),
    here('dashboard', slot('dashboard.cards.after')),
    here('info_card', slot('dashboard.cards.after'), 'a card of its own'),
    here('before_toolbar', slot('product.list.toolbar')),
    ...later(
      layout,
      'item_types',
      'item_actions',
      'item_extra_actions',
      'presave_dialogs',
      'edit_card_input_types',
    ),
    ...never(policies, 'policy_setting_types'),
    ...never(host, 'configurator_deploy_methods'),
    ...never(
      signIn,
      'login_form_extra',
      'register_form_extra',
      'forgetpassword_form_extra',
      'verifyemail_form_extra',
      'tfa_form_extra',
      'fido2_form_extra',
    ),
  ],
  'Slots of the checkout, which is in the store': [
    here('checkout_payment', point('payment.methods'), '`checkout`, a component of the method'),
    here('checkout_payment_qr', point('payment.methods'), 'a part of that component'),
    here('checkout_payment_open', point('payment.methods'), 'a part of that component'),
    here('checkout_payment_copy_extra', point('payment.methods'), 'a part of that component'),
    here('checkout_invoice_details', slot('invoice.details.after')),
    ...later(
      checkoutSlots,
      'checkout_page',
      'checkout_header',
      'checkout_payment_method_selection',
      'checkout_main',
      'checkout_email_form',
      'checkout_address_form',
    ),
    ...never('they advertise one plugin', 'eth_plugin_message_extra', 'powered_by_bitcart_eth'),
  ],
  'Dictionaries of the admin': [
    here('nav_items', point('admin.pages')),
    here('server_management_nav', point('admin.pages')),
    ...later(layout, 'profile_items', 'profile_nav'),
    here('plugin_fields', point('settings'), 'the form comes from the declaration'),
    here('maintenance_commands', point('commands'), 'run by an operator, and not from a browser'),
    ...never(
      policies,
      'policy_descriptions',
      'policy_details',
      'policy_types',
      'policy_urls',
      'policy_items',
      'store_policy_descriptions',
      'user_policy_descriptions',
      'user_policy_types',
      'user_policy_autocomplete_urls',
    ),
    here(
      'permission_set_display_prop',
      point('permissions'),
      'each has its title, and can be given in the admin',
    ),
    here('permission_set_custom_titles', point('permissions')),
    ...never(host, 'configurator_deploy_methods'),
    here('services', point('services')),
  ],
  'Slots of the store': [
    ...later(
      layout,
      'app',
      'header',
      'body',
      'cart_sidebar',
      'error',
      'home_page',
      'main_hero',
      'sidebar',
      'products',
      'pagination',
    ),
    here('footer', slot('page.footer.after')),
    here('product', slot('product.card.after')),
    here('product_columns', slot('product.details.title')),
    here('product_container', slot('product.details.after')),
    ...later(
      layout,
      'product_image',
      'product_description',
      'cart',
      'step_menu',
      'cart_products',
      'cart_steps_extra',
      'empty_cart',
      'cart_product_actions',
      'checkout_enter_details',
      'checkout_error',
    ),
    here('checkout_enter_details_extra', slot('checkout.details.after')),
    here('success_cart', slot('invoice.details.after'), 'the invoice’s page is where a sale ends'),
    here('checkout', point('payment.methods')),
    here('checkout_status_display', slot('invoice.details.after')),
    ...never('there is no dialog to open again: the checkout is a page', 'checkout_modal_reopen'),
  ],
  'Dictionaries of the store': [
    ...later(layout, 'head', 'product_head', 'step_menu', 'checkout_status_texts'),
  ],
  'The rest': [
    here('setup_app: routes', point('api.routes')),
    ...never(
      'every route says its permission; raw access to the server would pass by it',
      'setup_app: middleware and mounts',
    ),
    here('worker_setup: loops', point('worker.jobs')),
    here('register_template', point('templates')),
    here('register_settings', point('settings')),
    here('register_scope', point('permissions')),
    here('register_event, publish_event', point('emits')),
    here('models.py, versions/', point('migrations')),
    here('locales/*.json', point('locales'), 'of the texts of core and of other plugins, too'),
    here(
      'update_metadata, get_metadata, delete_metadata',
      point('metadata'),
      'in the plugin’s own namespace',
    ),
    ...never(
      'nothing is replaced behind core’s back: what is missing becomes an extension point',
      'ioc.py',
      'patches/',
      'replacements of files',
      'replaceRoutes',
    ),
    here('create_crud_router', point('api.routes'), 'one route at a time'),
    here('docker components', point('services')),
    ...never('rules that change what others wrote are code; merge rules are data', 'docker rules'),
    here(
      'extendMethods: presave',
      hook('product.saving'),
      'on the server, where it cannot be passed by',
    ),
  ],
}
