import { createApp } from 'vue'
import App from '@/App.vue'
import { router } from '@/router'
import { texts } from '@/texts'
import '@/style/base.css'

createApp(App).use(texts).use(router).mount('#app')
